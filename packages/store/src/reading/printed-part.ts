import { entryOf, memberOf } from './json.ts'
import { CLASS } from './python-literal.ts'

/** What a part of a message is, by the class of which Python has printed it. */
const classes: Readonly<Record<string, string>> = {
  TextContent: 'text',
  TextBlock: 'text',
  ReasoningContent: 'reasoning',
  ThinkingBlock: 'reasoning',
  ToolCall: 'tool_call',
  ToolCallBlock: 'tool_call',
  ToolCallResult: 'tool_result',
}

/** A part of a message that Python has printed, with what it is as its type; anything else as it came. */
export function printedPart(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item
  const of = memberOf(item, CLASS)
  const type =
    memberOf(item, 'block_type') ?? (typeof of === 'string' ? entryOf(classes, of) : undefined)
  return type === undefined ? item : { ...item, type }
}
