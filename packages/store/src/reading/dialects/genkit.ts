import type { Dialect } from './dialect.ts'

/**
 * Genkit (`genkit:*`), as its document on telemetry has it. A model's span is named after the model, as a tool's is after the tool.
 */
export const genkit: Dialect = {
  name: 'genkit',
  marks: ['genkit:*'],
  kind: ['genkit:metadata:subtype', 'genkit:type'],
  kinds: {
    flow: 'agent',
    model: 'llm',
    'tool.v2': 'tool',
    embedder: 'embedding',
    flowStep: 'chain',
    util: 'chain',
    helper: 'chain',
    'executable-prompt': 'chain',
    dotprompt: 'chain',
    promptTemplate: 'prompt',
  },
  implied: [],
  op: {
    agent: ['genkit:name'],
    tool: ['genkit:name'],
    chain: ['genkit:name'],
    retriever: ['genkit:name'],
  },
  modelName: ['genkit:name'],
  fields: {
    input: ['genkit:input'],
    output: ['genkit:output'],
    tools: ['genkit:input#/tools'],
    model: ['genkit:model', 'genkit:input#/config/version'],
    inputTokens: ['genkit:output#/usage/inputTokens'],
    outputTokens: ['genkit:output#/usage/outputTokens'],
    // Plugins for models of OpenAI's kind leave these where the answer has them.
    cacheReadTokens: [
      'genkit:output#/usage/cachedContentTokens',
      'genkit:output#/raw/usage/prompt_tokens_details/cached_tokens',
    ],
    reasoningTokens: [
      'genkit:output#/usage/thoughtsTokens',
      'genkit:output#/raw/usage/completion_tokens_details/reasoning_tokens',
    ],
    totalTokens: ['genkit:output#/usage/totalTokens'],
    session: ['genkit:sessionId'],
  },
  // Gemini counts thoughts beside the candidates.
  apart: ['genkit:output#/usage/thoughtsTokens'],
}
