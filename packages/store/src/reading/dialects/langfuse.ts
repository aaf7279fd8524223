import type { Dialect } from './dialect.ts'

const usage = (...names: readonly string[]) =>
  names.map((name) => `langfuse.observation.usage_details#/${name}`)

// Each kind of tokens has its own price there, so none is counted under two of these names.
const cacheReadApart = usage('input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens')
const cacheWriteApart = usage('input_cache_creation', 'cache_creation_input_tokens')
const reasoningApart = usage(
  'output_reasoning_tokens',
  'output_reasoning',
  'reasoning_output_tokens',
)

/** Attributes of the Langfuse SDKs (`langfuse.*`). */
export const langfuse: Dialect = {
  name: 'langfuse',
  namesCalls: true,
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
    inputTokens: usage('input', 'prompt_tokens', 'input_tokens'),
    outputTokens: usage('output', 'completion_tokens', 'output_tokens'),
    cacheReadTokens: [
      ...cacheReadApart,
      ...usage('prompt_tokens_details/cached_tokens', 'input_tokens_details/cached_tokens'),
    ],
    cacheWriteTokens: cacheWriteApart,
    reasoningTokens: [
      ...reasoningApart,
      ...usage(
        'completion_tokens_details/reasoning_tokens',
        'output_tokens_details/reasoning_tokens',
      ),
    ],
    totalTokens: usage('total', 'total_tokens'),
    user: ['langfuse.user.id', 'langfuse.trace.metadata.langfuse_user_id'],
    costUsd: ['langfuse.observation.cost_details#/total'],
    session: [
      'langfuse.session.id',
      'langfuse.trace.metadata.langfuse_session_id',
      'langfuse.observation.metadata.langfuse_session_id',
    ],
  },
  apart: [...cacheReadApart, ...cacheWriteApart, ...reasoningApart],
}
