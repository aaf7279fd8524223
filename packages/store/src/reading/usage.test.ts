import { expect, it } from 'vitest'
import { span } from '../testing/spans.ts'
import { canonicalRows } from './canonical-span.ts'

const usage = (attributes: Readonly<Record<string, string | number>>) => {
  const read = canonicalRows(span({ id: '1', attributes })).span
  return [
    read.inputTokens,
    read.cacheReadTokens,
    read.cacheWriteTokens,
    read.outputTokens,
    read.reasoningTokens,
  ]
}
const genAi = (usage: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(usage).map(([name, of]) => [`gen_ai.usage.${name}`, of]))
const json = (key: string, value: object) => ({ [key]: JSON.stringify(value) })

it.each<[string, Readonly<Record<string, string | number>>, (number | null)[]]>([
  [
    'the conventions of OpenTelemetry: a part',
    genAi({
      ...{ input_tokens: 100, 'cache_read.input_tokens': 60, 'cache_creation.input_tokens': 20 },
      ...{ output_tokens: 50, 'reasoning.output_tokens': 30 },
    }),
    [100, 60, 20, 50, 30],
  ],
  [
    'OpenInference: a part',
    {
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 100,
      'llm.token_count.prompt_details.cache_read': 60,
      'llm.token_count.completion': 50,
      'llm.token_count.completion_details.reasoning': 30,
      'llm.token_count.total': 150,
    },
    [100, 60, null, 50, 30],
  ],
  [
    'more from a cache than was read at all: beside it',
    genAi({ input_tokens: 3, cache_read_input_tokens: 900, output_tokens: 5 }),
    [903, 900, null, 5, null],
  ],
  [
    'a total that has the cached tokens on top',
    genAi({ input_tokens: 100, cache_read_input_tokens: 60, output_tokens: 5, total_tokens: 165 }),
    [160, 60, null, 5, null],
  ],
  [
    'a total that has the thoughts on top',
    genAi({
      ...{ input_tokens: 100, cached_tokens: 60, output_tokens: 5, reasoning_tokens: 4 },
      total_tokens: 109,
    }),
    [100, 60, null, 9, 4],
  ],
  [
    'Langfuse: each kind of tokens once',
    json('langfuse.observation.usage_details', {
      ...{
        input: 40,
        input_cached_tokens: 60,
        output: 20,
        output_reasoning_tokens: 30,
        total: 150,
      },
    }),
    [100, 60, null, 50, 30],
  ],
  [
    'Langfuse without a total',
    json('langfuse.observation.usage_details', {
      ...{ input: 40, cache_read_input_tokens: 30, cache_creation_input_tokens: 30, output: 20 },
    }),
    [100, 30, 30, 20, null],
  ],
  [
    'Langfuse as OpenAI answers: a part',
    json('langfuse.observation.usage_details', {
      ...{
        prompt_tokens: 100,
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens: 50,
      },
      completion_tokens_details: { reasoning_tokens: 30 },
    }),
    [100, 60, null, 50, 30],
  ],
  [
    'Gemini’s answer in ADK: thoughts beside the candidates, the cache a part',
    json('gcp.vertex.agent.llm_response', {
      usage_metadata: {
        ...{ prompt_token_count: 100, cached_content_token_count: 60 },
        ...{ candidates_token_count: 20, thoughts_token_count: 30 },
      },
    }),
    [100, 60, null, 50, 30],
  ],
  [
    'LangSmith: a part',
    {
      ...json('gen_ai.usage.input_token_details', { cache_read: 60, cache_creation: 20 }),
      ...json('gen_ai.usage.output_token_details', { reasoning: 30 }),
      ...genAi({ input_tokens: 100, output_tokens: 50 }),
      'langsmith.span.kind': 'llm',
    },
    [100, 60, 20, 50, 30],
  ],
  [
    'Gemini’s answer in ADK for JavaScript',
    json('gcp.vertex.agent.llm_response', {
      usageMetadata: {
        ...{ promptTokenCount: 100, cachedContentTokenCount: 60 },
        ...{ candidatesTokenCount: 20, thoughtsTokenCount: 30, totalTokenCount: 150 },
      },
    }),
    [100, 60, null, 50, 30],
  ],
  [
    'Genkit’s raw answer of a model of OpenAI’s kind',
    json('genkit:output', {
      usage: { inputTokens: 100, outputTokens: 50, totalTokens: 150 },
      raw: {
        usage: {
          prompt_tokens_details: { cached_tokens: 60 },
          completion_tokens_details: { reasoning_tokens: 30 },
        },
      },
    }),
    [100, 60, null, 50, 30],
  ],
  [
    'LangSmith’s metadata of a run of LangChain',
    {
      ...json('langsmith.metadata.usage_metadata', {
        ...{ input_tokens: 100, output_tokens: 50, total_tokens: 150 },
        input_token_details: { cache_read: 60, cache_creation: 20 },
        output_token_details: { reasoning: 30 },
      }),
      'langsmith.span.kind': 'llm',
    },
    [100, 60, 20, 50, 30],
  ],
  [
    'LangWatch’s metrics',
    json('langwatch.metrics', { prompt_tokens: 100, completion_tokens: 50, reasoning_tokens: 30 }),
    [100, null, null, 50, 30],
  ],
  [
    'MLflow, with the answer of the model',
    {
      ...json('mlflow.chat.tokenUsage', { input_tokens: 100, output_tokens: 50 }),
      ...json('mlflow.spanOutputs', {
        usage: { completion_tokens_details: { reasoning_tokens: 30 } },
      }),
    },
    [100, null, null, 50, 30],
  ],
  [
    'LiteLLM, whose details Python has printed',
    {
      ...genAi({ input_tokens: 100, output_tokens: 50 }),
      'metadata.usage_object':
        "{'prompt_tokens': 100, 'prompt_tokens_details': {'audio_tokens': None, 'cached_tokens': 60}, 'completion_tokens_details': {'reasoning_tokens': 30}}",
    },
    [100, 60, null, 50, 30],
  ],
  ['nothing but cached tokens', genAi({ cached_tokens: 60 }), [null, 60, null, null, null]],
  ['no part', genAi({ input_tokens: 10, output_tokens: 5 }), [10, null, null, 5, null]],
])('counts tokens as in %s', (_, attributes, expected) => {
  expect(usage(attributes)).toEqual(expected)
})
