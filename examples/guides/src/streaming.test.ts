import { expect, test } from 'vitest'
import { answerInWords } from './streaming.ts'
import { temporaryCollector } from './testing/collector.ts'

test('a stream is one span with its text, and its reader is known to have used it', async () => {
  const { collector } = await temporaryCollector()
  expect(await answerInWords(collector.url)).toBe('You asked: where is my p')

  const [run] = await collector.store.runs()
  const { nodes, edges } = await collector.store.graph(run?.id ?? '')
  const operator = (name: string) => nodes.find((node) => 'op' in node && node.op === name)
  expect(operator('words')).toMatchObject({ value: 'You asked: where is my parcel ' })
  expect(edges).toContainEqual(
    expect.objectContaining({
      from: operator('words')?.id,
      to: operator('shorten')?.id,
      role: 'text',
      how: 'value',
    }),
  )
})
