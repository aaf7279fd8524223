import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { collectGarbage } from './collect-garbage.ts'

it('collects what nobody holds, and shows the program nothing of how', async () => {
  const held = { of: 'the test' }
  const kept = new WeakRef(held)
  const dropped = new WeakRef({ of: 'nobody' })
  // What a reference was just made to is held until the turn is over.
  await setTimeout(0)
  collectGarbage()
  expect(dropped.deref()).toBeUndefined()
  expect(kept.deref()).toBe(held)
  expect('gc' in globalThis).toBe(false)
})
