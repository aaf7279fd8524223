/** Has the messages as attributes, as a span of the same conventions would. */
export const OPERATION_DETAILS = 'gen_ai.client.inference.operation.details'

/** Event of Claude Code with what a tool gave, and the name under which that is read. */
export const TOOL_OUTPUT = 'tool.output'

/** Names of the events of which a span's input and output are made. */
export const messageEvents: ReadonlySet<string> = new Set([
  'gen_ai.system.message',
  'gen_ai.user.message',
  'gen_ai.assistant.message',
  'gen_ai.tool.message',
  'gen_ai.choice',
  OPERATION_DETAILS,
])
