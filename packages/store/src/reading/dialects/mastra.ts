import type { Dialect } from './dialect.ts'

/**
 * Mastra. A generation has steps, each of which calls the model once; what was asked and said is on the step, the model and its
 * usage on the inference inside it.
 */
export const mastra: Dialect = {
  name: 'mastra',
  marks: ['mastra.*'],
  kind: ['mastra.span.type', 'gen_ai.operation.name'],
  kinds: {
    agent_run: 'agent',
    workflow_run: 'agent',
    model_generation: 'chain',
    model_step: 'llm',
    model_inference: 'inference',
    model_chunk: 'chunk',
    tool_call: 'tool',
    mcp_tool_call: 'tool',
    chat: 'llm',
    execute_tool: 'tool',
    invoke_agent: 'agent',
  },
  implied: [],
  op: { agent: ['gen_ai.agent.name'], tool: ['gen_ai.tool.name'] },
  fields: {
    input: [
      'mastra.model_step.input',
      'mastra.model_generation.input',
      'mastra.agent_run.input',
      'mastra.workflow_run.input',
      'mastra.tool_call.input',
      'mastra.mcp_tool_call.input',
    ],
    output: [
      'mastra.model_step.output',
      'mastra.model_generation.output',
      'mastra.agent_run.output',
      'mastra.workflow_run.output',
      'mastra.tool_call.output',
      'mastra.mcp_tool_call.output',
    ],
    session: ['mastra.metadata.threadId', 'mastra.metadata.sessionId'],
    // Whose memory it is.
    user: ['mastra.metadata.userId', 'mastra.metadata.resourceId'],
  },
}
