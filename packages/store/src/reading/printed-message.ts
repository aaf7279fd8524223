import { entryOf, memberOf } from './json.ts'
import { CLASS, pythonObject } from './python-literal.ts'

/** What a part of a printed message is, by its class. */
const parts: Readonly<Record<string, string>> = {
  TextContent: 'text',
  TextBlock: 'text',
  ReasoningContent: 'reasoning',
  ThinkingBlock: 'reasoning',
  ToolCall: 'tool_call',
  ToolCallBlock: 'tool_call',
  ToolCallResult: 'tool_result',
}

/**
 * A message that Python has printed, by the names that it has elsewhere: `ChatMessage(role=<MessageRole.USER: 'user'>, blocks=[…])`
 * of LlamaIndex, `ChatMessage(_role=…, _content=[…])` of Haystack, `HumanMessage(content='…')` of LangChain. `undefined` of any
 * other text.
 */
export function printedMessage(text: string): object | undefined {
  if (!/^\s*(?:[\w.]*Message(?:Chunk)?)\(/.test(text)) return undefined
  const message = pythonObject(text)
  if (typeof message !== 'object' || message === null) return undefined
  const content = memberOf(message, '_content', 'content', 'blocks')
  const of = memberOf(message, CLASS)
  const role = memberOf(message, '_role', 'role')
  return {
    ...message,
    ...(role === undefined ? { type: of } : { role }),
    ...(Array.isArray(content) ? { content: content.map(part) } : {}),
  }
}

function part(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item
  const of = memberOf(item, CLASS)
  const type =
    memberOf(item, 'block_type') ?? (typeof of === 'string' ? entryOf(parts, of) : undefined)
  return type === undefined ? item : { ...item, type }
}
