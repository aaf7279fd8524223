import type { Dialect } from './dialect.ts'
import { EVENT_INPUT } from './gen-ai.ts'

/** Pydantic Logfire and Pydantic AI. */
export const logfire: Dialect = {
  name: 'logfire',
  marks: ['logfire.*', 'all_messages_events', 'pydantic_ai.*'],
  kind: ['gen_ai.operation.name'],
  kinds: { chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  implied: [
    ['request_data', 'llm'],
    ['tool_arguments', 'tool'],
    ['gen_ai.tool.name', 'tool'],
    ['all_messages_events', 'agent'],
    ['pydantic_ai.all_messages', 'agent'],
    // Of the OpenAI Agents SDK: a function, and a run of an agent.
    ['mcp_data', 'tool'],
    ['handoffs', 'agent'],
    ['agent_trace_id', 'agent'],
  ],
  op: { tool: ['gen_ai.tool.name'], agent: ['gen_ai.agent.name', 'agent_name'] },
  fields: {
    // What was asked of OpenAI's responses has no instructions; the events have them.
    input: ['request_data', 'tool_arguments', 'prompt', EVENT_INPUT, 'raw_input'],
    // Of a streamed answer there are the pieces put together; of others the message.
    output: [
      'response_data#/combined_chunk_content',
      'response_data',
      'tool_response',
      'final_result',
    ],
    tools: ['model_request_parameters#/function_tools', 'request_data#/tools'],
    caller: ['agent_name'],
    model: ['gen_ai.response.model', 'response_data#/model', 'model_name', 'request_data#/model'],
    inputTokens: ['response_data#/usage/prompt_tokens', 'response_data#/usage/input_tokens'],
    outputTokens: ['response_data#/usage/completion_tokens', 'response_data#/usage/output_tokens'],
    cacheReadTokens: [
      'gen_ai.usage.details.cache_read_tokens',
      'gen_ai.usage.details.cache_read_input_tokens',
      'gen_ai.usage.details.cached_tokens',
      'gen_ai.usage.details.cached_content_tokens',
      'response_data#/usage/prompt_tokens_details/cached_tokens',
      'response_data#/usage/input_tokens_details/cached_tokens',
      'response_data#/usage/cache_read_input_tokens',
    ],
    cacheWriteTokens: [
      'gen_ai.usage.details.cache_write_tokens',
      'gen_ai.usage.details.cache_creation_input_tokens',
      'response_data#/usage/cache_creation_input_tokens',
    ],
    reasoningTokens: [
      'gen_ai.usage.details.reasoning_tokens',
      'gen_ai.usage.details.thinking_tokens',
      'gen_ai.usage.details.thoughts_tokens',
      'response_data#/usage/completion_tokens_details/reasoning_tokens',
      'response_data#/usage/output_tokens_details/reasoning_tokens',
    ],
    totalTokens: ['response_data#/usage/total_tokens'],
    costUsd: ['operation.cost'],
  },
  own: {
    input: ['input'],
    output: ['output'],
    session: ['group_id'],
    cacheReadTokens: ['usage#/input_tokens_details/cached_tokens'],
    reasoningTokens: ['usage#/output_tokens_details/reasoning_tokens'],
  },
  ownOp: { tool: ['name'], agent: ['name'] },
  // As Anthropic says it.
  apart: [
    'response_data#/usage/cache_read_input_tokens',
    'response_data#/usage/cache_creation_input_tokens',
  ],
}
