import { ATTR_SESSION_ID } from '@trace2/core'
import type { Dialect } from './dialect.ts'

const kinds = {
  chat: 'llm',
  generate_content: 'llm',
  text_completion: 'llm',
  completion: 'llm',
  generate: 'llm',
  embeddings: 'embedding',
  retrieval: 'retriever',
  execute_tool: 'tool',
  create_agent: 'setup',
  invoke_agent: 'agent',
  invoke_workflow: 'agent',
  plan: 'chain',
  agent_step: 'chain',
  // Those of Strands: a turn of an agent's loop, and several agents.
  execute_event_loop_cycle: 'chain',
  invoke_swarm: 'agent',
  invoke_graph: 'agent',
  create_memory: 'memory',
  search_memory: 'memory',
  update_memory: 'memory',
  upsert_memory: 'memory',
  delete_memory: 'memory',
  create_memory_store: 'memory',
  delete_memory_store: 'memory',
  // What gemini-cli calls them.
  llm_call: 'llm',
  tool_call: 'tool',
  agent_call: 'agent',
  user_prompt: 'agent',
  schedule_tool_calls: 'chain',
} as const

const op = {
  tool: ['gen_ai.tool.name'],
  // Of a workflow, which has been called as an agent is since the first release of their own repository.
  agent: ['gen_ai.agent.name', 'gen_ai.workflow.name'],
} as const

/**
 * OpenTelemetry's GenAI conventions from 1.37 on, those of their own repository (`gen-ai-dev`) included. Messages
 * are on the span, or in a `gen_ai.client.inference.operation.details` log, whose attributes count as the span's.
 */
export const genAi: Dialect = {
  name: 'gen_ai',
  marks: [
    'gen_ai.provider.name',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.system_instructions',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'gen_ai.workflow.name',
  ],
  kind: ['gen_ai.operation.name'],
  kinds,
  implied: [
    ['gen_ai.input.messages', 'llm'],
    ['gen_ai.output.messages', 'llm'],
    ['gen_ai.tool.name', 'tool'],
    ['gen_ai.tool.call.id', 'tool'],
    ['gen_ai.request.model', 'llm'],
    ['gen_ai.response.model', 'llm'],
  ],
  op,
  fields: {
    input: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'gen_ai.retrieval.query.text'],
    output: ['gen_ai.output.messages', 'gen_ai.tool.call.result', 'gen_ai.retrieval.documents'],
    system: ['gen_ai.system_instructions'],
    tools: ['gen_ai.tool.definitions'],
    toolDescription: ['gen_ai.tool.description'],
    promptName: ['gen_ai.prompt.name'],
    caller: ['gen_ai.agent.name'],
    model: ['gen_ai.response.model', 'gen_ai.request.model'],
    provider: ['gen_ai.provider.name'],
    inputTokens: ['gen_ai.usage.input_tokens'],
    outputTokens: ['gen_ai.usage.output_tokens'],
    cacheReadTokens: ['gen_ai.usage.cache_read.input_tokens'],
    cacheWriteTokens: [
      'gen_ai.usage.cache_creation.input_tokens',
      'gen_ai.usage.cache_write.input_tokens',
    ],
    reasoningTokens: ['gen_ai.usage.reasoning.output_tokens'],
    totalTokens: ['gen_ai.usage.total_tokens'],
    user: ['user.id', 'enduser.id', 'enduser.pseudo.id', 'gen_ai.request.user'],
    costUsd: ['gen_ai.usage.cost', 'gen_ai.cost.total_cost'],
    session: [
      'gen_ai.conversation.id',
      ATTR_SESSION_ID,
      'gen_ai.session.id',
      // Of Azure's agents, and what W&B Weave asks for.
      'gen_ai.thread.id',
      'wandb.thread_id',
      'session_id',
    ],
    callId: ['gen_ai.tool.call.id'],
    responseId: ['gen_ai.response.id'],
  },
}

/** Attributes that {@link ../events.ts} makes of message events, on the span or in logs. */
export const EVENT_INPUT = 'gen_ai.event.input'
export const EVENT_OUTPUT = 'gen_ai.event.output'

/**
 * The conventions up to 1.36: one event per message (`gen_ai.user.message`, `gen_ai.choice` …), and before that the
 * indexed attributes and the two content events.
 */
export const genAiLegacy: Dialect = {
  name: 'gen_ai_1_36',
  marks: ['gen_ai.*'],
  kind: ['gen_ai.operation.name'],
  kinds,
  implied: [
    ['gen_ai.tool.name', 'tool'],
    ['gen_ai.tool.call.id', 'tool'],
    ['gen_ai.request.model', 'llm'],
    ['gen_ai.response.model', 'llm'],
    // A turn of Strands' loop has the messages of the model call inside it.
    ['agent_loop.cycle_id', 'chain'],
    ['event_loop.cycle_id', 'chain'],
    [EVENT_INPUT, 'llm'],
    ['gen_ai.prompt', 'llm'],
    ['gen_ai.prompt.0.role', 'llm'],
    ['gen_ai.prompt.0.content', 'llm'],
    ['gen_ai.completion', 'llm'],
    ['gen_ai.completion.0.content', 'llm'],
    ['gen_ai.usage.input_tokens', 'llm'],
    ['gen_ai.usage.output_tokens', 'llm'],
  ],
  op,
  fields: {
    // The last are what programs write that follow no convention.
    input: [
      'gen_ai.prompt.#',
      EVENT_INPUT,
      'gen_ai.prompt',
      'gen_ai.prompt.content',
      'gen_ai.tool.args',
      'gen_ai.task.input',
      'gen_ai.workflow.input',
      'mcp.request.argument',
      'input',
    ],
    output: [
      'gen_ai.completion.#',
      EVENT_OUTPUT,
      'gen_ai.completion',
      'gen_ai.completion.content',
      'gen_ai.task.output',
      'gen_ai.workflow.output',
      'mcp.response.value',
      'output',
    ],
    system: ['gen_ai.agent.instructions'],
    provider: ['gen_ai.system'],
    inputTokens: ['gen_ai.usage.prompt_tokens'],
    outputTokens: ['gen_ai.usage.completion_tokens'],
    // No version of the conventions has had these; many senders write them.
    cacheReadTokens: [
      'gen_ai.usage.cache_read_input_tokens',
      'gen_ai.usage.cached_input_tokens',
      'gen_ai.usage.input_cached_tokens',
      'gen_ai.usage.cached_tokens',
      'gen_ai.usage.input_tokens.cached',
      // LiteLLM's.
      'metadata.usage_object#/prompt_tokens_details/cached_tokens',
    ],
    cacheWriteTokens: [
      'gen_ai.usage.cache_creation_input_tokens',
      'gen_ai.usage.cache_write_input_tokens',
      'gen_ai.usage.input_tokens.cache_write',
    ],
    reasoningTokens: [
      'gen_ai.usage.reasoning_tokens',
      'gen_ai.usage.reasoning_output_tokens',
      'gen_ai.usage.output_tokens.reasoning',
      'gen_ai.usage.thinking_tokens',
      'metadata.usage_object#/completion_tokens_details/reasoning_tokens',
    ],
  },
}
