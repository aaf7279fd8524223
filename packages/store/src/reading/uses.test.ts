import { expect, it } from 'vitest'
import { span } from '../testing/spans.ts'
import { versionsUsed } from './uses.ts'

const call = (id: string, system: string) =>
  span({
    id,
    parent: '1',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.input_messages.0.message.role': 'system',
      'llm.input_messages.0.message.content': system,
    },
  })

it('names the prompts of a run after what calls its models, and leaves other uses as they are', () => {
  const ours = span({
    id: '4',
    attributes: {
      'trace2.kind': 'op',
      'trace2.param.version.tone': 'v1',
      'trace2.param.value.tone': '"warm"',
    },
  })
  const spans = [call('2', 'Look up orders.'), call('3', 'Write letters.'), ours]
  const names = (records: Parameters<typeof versionsUsed>[0]) =>
    versionsUsed(records).map(({ name }) => name)
  expect(names([...spans, span({ id: '1', name: 'handle' })])).toEqual([
    'handle.system',
    'handle.system',
    'tone',
  ])
  expect(names(spans)).toEqual(['prompt.look-up-orders', 'prompt.write-letters', 'tone'])
})
