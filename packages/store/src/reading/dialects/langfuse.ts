import type { Dialect } from './dialect.ts'

/** Attributes of the Langfuse SDKs (`langfuse.*`). */
export const langfuse: Dialect = {
  name: 'langfuse',
  marks: ['langfuse.observation.*', 'langfuse.trace.*'],
  kind: ['langfuse.observation.type'],
  kinds: { generation: 'llm', span: 'chain', event: 'chain' },
  implied: [
    ['langfuse.observation.model.name', 'llm'],
    ['langfuse.trace.input', 'agent'],
  ],
  op: {},
  fields: {
    input: ['langfuse.observation.input', 'langfuse.trace.input'],
    output: ['langfuse.observation.output', 'langfuse.trace.output'],
    tools: ['langfuse.observation.input#/tools'],
    promptName: ['langfuse.observation.prompt.name', 'langfuse.prompt.name'],
    model: ['langfuse.observation.model.name'],
    inputTokens: [
      'langfuse.observation.usage_details#/input',
      'langfuse.observation.usage_details#/prompt_tokens',
      'langfuse.observation.usage_details#/input_tokens',
    ],
    outputTokens: [
      'langfuse.observation.usage_details#/output',
      'langfuse.observation.usage_details#/completion_tokens',
      'langfuse.observation.usage_details#/output_tokens',
    ],
    costUsd: ['langfuse.observation.cost_details#/total'],
    session: [
      'langfuse.session.id',
      'langfuse.trace.metadata.langfuse_session_id',
      'langfuse.observation.metadata.langfuse_session_id',
    ],
  },
}
