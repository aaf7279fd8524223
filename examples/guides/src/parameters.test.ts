import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { agent, serve } from './parameters.ts'
import { temporaryCollector } from './testing/collector.ts'

test('a new value is used from the next run on, a bad one never', async () => {
  const { collector, directory } = await temporaryCollector()
  const file = join(directory, 'trace2.parameters.json')
  const put = async (value: unknown) => {
    const document = { trace2: 1, parameters: { 'shop.greeting': { value } } }
    await writeFile(`${file}.new`, JSON.stringify(document))
    await rename(`${file}.new`, file)
  }
  await put('Good morning')
  const tracing = serve(collector.url, file)
  const nothing = async () => undefined
  const changed = () => put('Good evening')

  expect(await agent(changed)).toEqual(['Good morning, Ada!', 'Good morning, Grace!'])
  await vi.waitFor(async () => expect((await agent(nothing))[0]).toBe('Good evening, Ada!'), 10_000)
  await put(42)
  await put('x'.repeat(41))
  expect((await agent(nothing))[0]).toBe('Good evening, Ada!')
  await tracing.shutdown()

  const history = await collector.store.parameterHistory('shop.greeting')
  expect(history.map(({ value }) => value)).toEqual(['Good morning', 'Good evening'])
})
