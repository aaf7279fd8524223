import { trace } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, run, t } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'

const provider = new NodeTracerProvider()
beforeAll(() => provider.register())
afterAll(async () => {
  trace.disable()
  await provider.shutdown()
})

test('nothing of a run is kept when it has ended, also not by a timer that it started', async () => {
  const kept: WeakRef<object>[] = []
  let timer: ReturnType<typeof setInterval> | undefined
  const make = bundle('memory-make', (input: object) => {
    const output = { copy: { ...input }, text: t`made of ${input}` }
    kept.push(new WeakRef(output), new WeakRef(output.copy))
    return output
  })
  const use = bundle('memory-use', async (input: object) => ({ input }))
  const agent = run('memory-run', async () => {
    timer = setInterval(() => undefined, 1_000_000)
    for (let count = 0; count < 100; count++) await use(make({ count }))
  })
  for (let count = 0; count < 10; count++) {
    clearInterval(timer)
    await agent()
  }
  for (let round = 0; round < 20 && kept.some((ref) => ref.deref()); round++) await collectGarbage()
  expect(kept).toHaveLength(2_000)
  expect(kept.filter((ref) => ref.deref())).toEqual([])
  clearInterval(timer)
})

test('nothing is kept of calls outside any run, however many there are', async () => {
  const kept: WeakRef<object>[] = []
  const make = bundle('memory-plain-make', (count: number) => {
    const output = { count, inner: { count }, text: `a text of its own ${count}` }
    kept.push(new WeakRef(output), new WeakRef(output.inner))
    return output
  })
  const use = bundle('memory-plain-use', (held: unknown) => {
    const output = { held }
    kept.push(new WeakRef(output))
    return output
  })
  const step = (count: number) => {
    const made = make.node(count)
    use(use.node([made, new Set([made])]))
    use(t`${made.at('text')} in a template`)
  }
  for (let count = 0; count < 1_000; count++) step(count)
  for (let round = 0; round < 20 && kept.some((ref) => ref.deref()); round++) await collectGarbage()
  expect(kept).toHaveLength(5_000)
  expect(kept.filter((ref) => ref.deref())).toEqual([])
})
