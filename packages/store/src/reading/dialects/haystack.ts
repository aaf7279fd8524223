import type { Dialect } from './dialect.ts'

/** What a component of a pipeline that generates text says of a reply, or of all of them. */
const meta = [
  'haystack.agent.step.llm.output#/replies/0/meta',
  'haystack.component.output#/replies/0/meta',
  'haystack.component.output#/meta/0',
] as const

function ofReply(path: string): readonly string[] {
  return meta.map((key) => `${key}/${path}`)
}

/**
 * Haystack (`haystack.*`). Its agents, from version 3 on: a step has a span for the call of its model and one for each tool. Of the
 * components of a pipeline their class says what they do, by its last word; a program's own are told by what they give as well. Any
 * other component is a chain.
 */
export const haystack: Dialect = {
  name: 'haystack',
  marks: ['haystack.agent.*', 'haystack.tool.*', 'haystack.component.*', 'haystack.pipeline.*'],
  kind: ['gen_ai.operation.name', 'haystack.component.type'],
  // An agent is a component with a span of its own inside.
  kinds: { Agent: 'chain', chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  endings: [
    { ending: 'Generator', kind: 'llm', gives: 'haystack.component.output#/replies' },
    { ending: 'ToolInvoker', kind: 'tool', gives: 'haystack.component.output#/tool_messages' },
    { ending: 'Retriever', kind: 'retriever', gives: 'haystack.component.output#/documents' },
    { ending: 'TextEmbedder', kind: 'embedding', gives: 'haystack.component.output#/embedding' },
    { ending: 'Ranker', kind: 'reranker', gives: 'haystack.component.output#/documents' },
  ],
  implied: [
    ['haystack.agent.step.llm.input', 'llm'],
    ['haystack.agent.step.llm.output', 'llm'],
    ['haystack.tool.name', 'tool'],
    ['haystack.agent.step', 'chain'],
    ['haystack.agent.max_steps', 'agent'],
    ['haystack.component.name', 'chain'],
    ['haystack.component.type', 'chain'],
    ['haystack.pipeline.input_data', 'chain'],
    ['haystack.pipeline.output_data', 'chain'],
  ],
  op: {
    tool: ['haystack.tool.name'],
    chain: ['haystack.component.name'],
    retriever: ['haystack.component.name'],
    reranker: ['haystack.component.name'],
  },
  fields: {
    input: [
      'haystack.agent.step.llm.input',
      'haystack.agent.step.tool.input',
      'haystack.agent.input',
      'haystack.component.input#/messages',
      'haystack.component.input',
      'haystack.pipeline.input_data',
    ],
    output: [
      'haystack.agent.step.llm.output',
      'haystack.agent.step.tool.output',
      'haystack.agent.output',
      'haystack.component.output#/tool_messages',
      'haystack.component.output',
      'haystack.pipeline.output_data',
    ],
    toolDescription: ['haystack.tool.description'],
    tools: ['haystack.component.input#/tools'],
    caller: ['haystack.component.name'],
    model: ofReply('model'),
    inputTokens: ofReply('usage/prompt_tokens'),
    outputTokens: ofReply('usage/completion_tokens'),
    cacheReadTokens: ofReply('usage/prompt_tokens_details/cached_tokens'),
    reasoningTokens: ofReply('usage/completion_tokens_details/reasoning_tokens'),
    totalTokens: ofReply('usage/total_tokens'),
  },
}
