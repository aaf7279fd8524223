import type { Dialect } from './dialect.ts'

/**
 * Genkit (`genkit:*`), as its document on telemetry has it. A model's span is named after the model, as a tool's is after the tool,
 * so only what its exporter for Google Cloud adds, or a request for one version, says the model.
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
  fields: {
    input: ['genkit:input'],
    output: ['genkit:output'],
    tools: ['genkit:input#/tools'],
    model: ['genkit:model', 'genkit:input#/config/version'],
    inputTokens: ['genkit:output#/usage/inputTokens'],
    outputTokens: ['genkit:output#/usage/outputTokens'],
    cacheReadTokens: ['genkit:output#/usage/cachedContentTokens'],
    reasoningTokens: ['genkit:output#/usage/thoughtsTokens'],
    totalTokens: ['genkit:output#/usage/totalTokens'],
    session: ['genkit:sessionId'],
  },
  // Gemini counts thoughts beside the candidates.
  apart: ['genkit:output#/usage/thoughtsTokens'],
}
