import type { Dialect } from './dialect.ts'

/** Braintrust's SDKs over OpenTelemetry (`braintrust.*`): JSON texts, one of which says what the span is. */
export const braintrust: Dialect = {
  name: 'braintrust',
  marks: ['braintrust.*'],
  kind: [
    'braintrust.span_attributes#/type',
    'braintrust.span_attributes.type',
    'gen_ai.operation.name',
  ],
  kinds: {
    function: 'chain',
    task: 'chain',
    eval: 'chain',
    score: 'evaluator',
    chat: 'llm',
    execute_tool: 'tool',
    invoke_agent: 'agent',
  },
  implied: [],
  op: {},
  fields: {
    input: ['braintrust.input_json', 'braintrust.input'],
    output: ['braintrust.output_json', 'braintrust.output'],
    tools: ['braintrust.metadata#/tools'],
    model: ['braintrust.metadata#/model'],
    provider: ['braintrust.metadata#/provider'],
    inputTokens: ['braintrust.metrics#/prompt_tokens', 'braintrust.metrics.prompt_tokens'],
    outputTokens: ['braintrust.metrics#/completion_tokens', 'braintrust.metrics.completion_tokens'],
  },
}
