import { expect, it } from 'vitest'
import { dialects } from './dialects/index.ts'
import { isReadKey, keyFor } from './read-keys.ts'

it('knows every key of every table', () => {
  for (const { name, fields, own } of dialects) {
    for (const key of [...Object.values(fields), ...Object.values(own ?? {})].flat()) {
      const attribute = key
        .replace(/#\/.*$/, '')
        .replace(/[*#]$/, '0.x')
        .replace(/\{(\w+).*\}$/, '$1')
      expect([key, isReadKey(attribute, name)]).toEqual([key, true])
    }
  }
})

it.each([
  ['trace2.param.value.prompt', 'trace2'],
  ['input.mime_type', 'openinference'],
  ['gen_ai.request.temperature', 'gen_ai'],
  ['all_messages_events', 'logfire'],
  ['trace.annotations.0.annotation.name', 'openinference'],
  ['exception.message', 'otel'],
])('knows %s, which is read elsewhere', (key, dialect) => {
  expect(isReadKey(key, dialect)).toBe(true)
})

it('takes a name that says too little for read on spans of its dialect only', () => {
  expect(isReadKey('thread.id', 'codex')).toBe(true)
  expect(isReadKey('thread.id', 'otel')).toBe(false)
})

it('does not take what only marks a dialect for read', () => {
  expect(isReadKey('mastra.unheard_of', 'mastra')).toBe(false)
  expect(isReadKey('gen_ai.unheard_of', 'gen_ai')).toBe(false)
})

it('names an attribute for a field, the own one of the dialect first', () => {
  expect(keyFor('session', 'mastra')).toBe('mastra.metadata.threadId')
  expect(keyFor('tools', 'openinference')).toBe('llm.tools.*')
  expect(keyFor('promptName', 'mlflow')).toBe('mlflow.linkedPrompts')
  expect(keyFor('session', 'otel')).toBe('gen_ai.conversation.id')
})
