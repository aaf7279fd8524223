import { expect, it } from 'vitest'
import type { Producer } from './producer.ts'
import { Values } from './values.ts'

function producerOf(text: string): Producer {
  const origin = { kind: 'span' as const, traceId: '', spanId: '', pointer: '' }
  return { origin, scope: undefined, text, isString: true, returned: [] }
}

it('remembers the latest texts, up to a number of characters, and forgets older ones', () => {
  const values = new Values()
  const text = (at: number) => `${String(at).padStart(6, '0')}${'x'.repeat(500_000)}`
  for (let at = 0; at < 100; at++) values.add(producerOf(text(at)))
  expect(values.find(text(99))).toBeDefined()
  expect(values.find(text(75))).toBeDefined()
  expect(values.find(text(10))).toBeUndefined()
})

it('keeps no text that is too long, and what came before it', () => {
  const values = new Values()
  values.add(producerOf('a short text'))
  const long = 'y'.repeat(3_000_000)
  for (let count = 0; count < 50; count++) values.add(producerOf(long))
  expect(values.find(long)).toBeUndefined()
  expect(values.find('a short text')).toBeDefined()
})

it('keeps a little of what came last when the run has ended', () => {
  const values = new Values()
  for (let at = 0; at < 1_000; at++) values.add(producerOf(`the text of number ${at}`))
  values.end()
  expect(values.find('the text of number 999')).toBeDefined()
  expect(values.find('the text of number 900')).toBeUndefined()
})
