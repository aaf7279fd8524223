import { expect, it } from 'vitest'
import { encodingOf, tokenizerFor } from './tokens.ts'

const texts = [
  'Write a reply to the customer that names the order number and ends with the name of the shop.',
  'export function sum(values: readonly number[]): number { return values.reduce((a, b) => a + b, 0) }',
  'Клиент хочет вернуть деньги, потому что лампа разбилась.',
  '客户想要退款,因为灯在拆包时坏了。',
]

it.each(['gpt-4o-mini', 'openai/gpt-4o', 'gpt-5-2025-08-07', 'gpt-9', 'o3', 'simulated-small'])(
  '%s is counted in the encoding that is its own',
  async (model) => {
    expect(encodingOf(model)).toMatch(/^o200k/)
    expect((await tokenizerFor(model)).count('Hello world')).toBe(2)
  },
)

it.each(['smollm2', 'llama3.2:1b', 'mistral-small', 'claude-sonnet-4', 'constructor', ''])(
  '%j is counted with a margin, since its encoding is not public',
  async (model) => {
    expect(encodingOf(model)).toBeUndefined()
    const cautious = await tokenizerFor(model)
    const exact = await tokenizerFor('gpt-4o')
    for (const text of texts) {
      expect(cautious.count(text)).toBeGreaterThan(1.09 * exact.count(text))
    }
  },
)
