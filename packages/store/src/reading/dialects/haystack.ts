import type { Dialect } from './dialect.ts'

/**
 * Haystack's agents (`haystack.*`), from version 3 on: a step has a span for the call of its model and one for each tool. Of other
 * components only their class says what they do, and that is the program's own: they are chains.
 */
export const haystack: Dialect = {
  name: 'haystack',
  marks: ['haystack.agent.*', 'haystack.tool.*', 'haystack.component.*', 'haystack.pipeline.*'],
  kind: ['gen_ai.operation.name'],
  kinds: { chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  implied: [
    ['haystack.agent.step.llm.input', 'llm'],
    ['haystack.agent.step.llm.output', 'llm'],
    ['haystack.tool.name', 'tool'],
    ['haystack.agent.step', 'chain'],
    ['haystack.agent.max_steps', 'agent'],
    ['haystack.component.name', 'chain'],
    ['haystack.pipeline.input_data', 'chain'],
    ['haystack.pipeline.output_data', 'chain'],
  ],
  op: { tool: ['haystack.tool.name'], chain: ['haystack.component.name'] },
  fields: {
    input: [
      'haystack.agent.step.llm.input',
      'haystack.agent.step.tool.input',
      'haystack.agent.input',
      'haystack.component.input',
      'haystack.pipeline.input_data',
    ],
    output: [
      'haystack.agent.step.llm.output',
      'haystack.agent.step.tool.output',
      'haystack.agent.output',
      'haystack.component.output',
      'haystack.pipeline.output_data',
    ],
    toolDescription: ['haystack.tool.description'],
    model: ['haystack.agent.step.llm.output#/replies/0/meta/model'],
    inputTokens: ['haystack.agent.step.llm.output#/replies/0/meta/usage/prompt_tokens'],
    outputTokens: ['haystack.agent.step.llm.output#/replies/0/meta/usage/completion_tokens'],
    cacheReadTokens: [
      'haystack.agent.step.llm.output#/replies/0/meta/usage/prompt_tokens_details/cached_tokens',
    ],
    reasoningTokens: [
      'haystack.agent.step.llm.output#/replies/0/meta/usage/completion_tokens_details/reasoning_tokens',
    ],
    totalTokens: ['haystack.agent.step.llm.output#/replies/0/meta/usage/total_tokens'],
  },
}
