/** One chat message, whatever convention it came in. */
export interface Message {
  readonly role: string
  readonly content: string
  readonly tool_calls?: readonly ToolCall[]
  readonly tool_call_id?: string
}

export interface ToolCall {
  readonly id: string
  readonly name: string
  /** Parsed where it was JSON text. */
  readonly arguments: unknown
}

/**
 * Reads a conversation: OpenTelemetry's messages with parts, OpenInference's and OpenLLMetry's put together from
 * flat keys, the AI SDK's, the OpenAI API's. `undefined` where the value is no conversation.
 */
export function messagesOf(value: unknown): Message[] | undefined {
  const list = Array.isArray(value)
    ? value
    : (fieldOf(value, 'messages') ?? fieldOf(value, 'choices') ?? oneMessage(value))
  if (!Array.isArray(list) || list.length === 0) return undefined
  const messages: Message[] = []
  for (const item of list) {
    // OpenInference nests each message one level deeper.
    const message = fieldOf(item, 'message') ?? item
    if (!isMessage(message)) return undefined
    messages.push(...read(message))
  }
  return messages
}

/** What a model said: the text alone, or the message where it called tools. */
export function answerOf(messages: readonly Message[]): unknown {
  const calls = messages.flatMap((message) => message.tool_calls ?? [])
  const content = messages
    .map((message) => message.content)
    .filter((text) => text !== '')
    .join('\n')
  return calls.length === 0 ? content : { content, tool_calls: calls }
}

/** Text of a list of parts (`gen_ai.system_instructions`), of a list of texts, or of a text. */
export function partsText(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value
    .map(partText)
    .filter((text) => text !== '')
    .join('\n')
}

function oneMessage(value: unknown): readonly unknown[] | undefined {
  return typeof fieldOf(value, 'role') === 'string' ? [value] : undefined
}

function isMessage(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['role', 'content', 'parts', 'tool_calls', 'finish_reason'].some((key) =>
      Object.hasOwn(value, key),
    )
  )
}

/** One message, or several where one holds the results of several tools. */
function read(message: object): Message[] {
  const role = textField(message, 'role') ?? 'assistant'
  const parts = [
    fieldOf(message, 'parts'),
    fieldOf(message, 'content'),
    fieldOf(message, 'contents'),
  ]
    .filter(Array.isArray)
    .flat()
    .map((part) => fieldOf(part, 'message_content') ?? part)
  const results = parts.flatMap(toolResult)
  if (results.length > 0) return results
  const plain = fieldOf(message, 'content')
  const content = typeof plain === 'string' ? plain : partsText(parts)
  const listed = fieldOf(message, 'tool_calls')
  const calls = [...(Array.isArray(listed) ? listed : []), ...parts.filter(isToolCallPart)].map(
    toolCall,
  )
  const id =
    textField(message, 'tool_call_id') ??
    textField(message, 'id') ??
    textField(message, 'toolCallId')
  return [
    {
      role,
      content,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
      ...(role === 'tool' && id !== undefined ? { tool_call_id: id } : {}),
    },
  ]
}

function isToolCallPart(part: unknown): boolean {
  const type = textField(part, 'type')
  return type === 'tool_call' || type === 'tool-call'
}

function toolResult(part: unknown): Message[] {
  const type = textField(part, 'type')
  if (type !== 'tool_call_response' && type !== 'tool-result') return []
  const id = textField(part, 'id') ?? textField(part, 'toolCallId')
  const result = ['response', 'result', 'output'].map((key) => fieldOf(part, key)).find(present)
  // The AI SDK wraps an output: {"type":"text","value":"…"}.
  const value = fieldOf(result, 'value') ?? result
  const content = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return [{ role: 'tool', content, ...(id === undefined ? {} : { tool_call_id: id }) }]
}

function toolCall(value: unknown): ToolCall {
  const call = fieldOf(value, 'tool_call') ?? value
  const named = fieldOf(call, 'function') ?? call
  const raw = ['arguments', 'args', 'input'].map((key) => fieldOf(named, key)).find(present)
  return {
    id: textField(call, 'id') ?? textField(call, 'toolCallId') ?? '',
    name: textField(named, 'name') ?? textField(named, 'toolName') ?? '',
    arguments: parsed(raw ?? null),
  }
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part
  const type = textField(part, 'type')
  if (type !== undefined && type !== 'text') return ''
  return textField(part, 'content') ?? textField(part, 'text') ?? ''
}

function present(value: unknown): boolean {
  return value !== undefined
}

/** JSON text as what it says, any other value as it is. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

export function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}

function textField(value: unknown, key: string): string | undefined {
  const text = fieldOf(value, key)
  return typeof text === 'string' ? text : undefined
}
