import type { Dialect } from './dialect.ts'

/**
 * LiveKit Agents (`lk.*`). A model is asked by the `llm_request` inside a node, in OpenTelemetry's conventions; the node says the
 * same again. Newer versions have `pii` in the names of what may be about a person.
 */
export const livekit: Dialect = {
  name: 'livekit',
  marks: ['lk.*'],
  kind: ['gen_ai.operation.name'],
  kinds: { chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  names: { agent_turn: 'agent', function_tool: 'tool', start_agent_activity: 'agent' },
  implied: [
    ['lk.function_tool.name', 'tool'],
    ['lk.function_tool.output', 'tool'],
    ['lk.pii.function_tool.output', 'tool'],
    ['lk.pii.chat_ctx', 'chain'],
    ['lk.chat_ctx', 'chain'],
    ['lk.response.ttfb', 'speech'],
    ['lk.pii.user_input', 'agent'],
    ['lk.user_input', 'agent'],
    ['lk.generation_id', 'agent'],
    ['lk.retry_count', 'attempt'],
  ],
  op: { tool: ['lk.function_tool.name'] },
  fields: {
    input: [
      'lk.pii.function_tool.arguments',
      'lk.function_tool.arguments',
      'lk.pii.chat_ctx',
      'lk.chat_ctx',
      'lk.pii.user_input',
      'lk.user_input',
      'lk.pii.input_text',
      'lk.input_text',
      'lk.pii.user_transcript',
      'lk.user_transcript',
    ],
    output: [
      'lk.pii.function_tool.output',
      'lk.function_tool.output',
      'lk.pii.response.text',
      'lk.response.text',
      'lk.pii.response.function_calls',
      'lk.response.function_calls',
    ],
    system: ['lk.pii.instructions', 'lk.instructions'],
    callId: ['lk.function_tool.id'],
  },
}
