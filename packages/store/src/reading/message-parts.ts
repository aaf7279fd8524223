import { memberOf, structured, textOf } from './json.ts'

/** A call of a tool that a model asks for. */
export interface ToolCall {
  /** Id of the call, which its result refers to. */
  readonly id?: string
  /** Name of the tool. */
  readonly name: string
  /** The arguments. */
  readonly arguments: unknown
}

/** A piece of a message. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'tool_call'; readonly call: ToolCall }
  | { readonly kind: 'tool_result'; readonly id: string | undefined; readonly result: unknown }
  | { readonly kind: 'other'; readonly value: unknown }

/** Parts of a message, in order: its content in any of the known shapes, then its tool calls. */
export function partsOf(message: unknown): Part[] {
  const parts: Part[] = []
  const reasoning = textOf(memberOf(message, 'reasoning', 'reasoning_content'))
  if (reasoning !== undefined) parts.push({ kind: 'reasoning', text: reasoning })
  const content = memberOf(message, 'parts', 'contents', 'content', 'text', 'object')
  for (const part of contentParts(content)) parts.push(part)
  for (const call of listOf(structured(memberOf(message, 'tool_calls', 'toolCalls')))) {
    const part = callPart(call)
    if (part) parts.push(part)
  }
  // Items of OpenAI's Responses API are calls and results themselves.
  const type = memberOf(message, 'type')
  if (type === 'function_call') return [callPart(message) ?? { kind: 'other', value: message }]
  if (type === 'function_call_output') return [resultPart(message)]
  return parts
}

export function textOfParts(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('')
}

function contentParts(content: unknown): Part[] {
  if (content === undefined || content === '') return []
  if (typeof content === 'string') {
    // OpenLLMetry and Strands write a list of parts as JSON.
    const inside = /^\s*\[\s*\{/.test(content) ? structured(content) : content
    if (Array.isArray(inside) && inside.every(isPart)) {
      return inside.map(partOf)
    }
    return [{ kind: 'text', text: content }]
  }
  if (Array.isArray(content)) return content.map(partOf)
  return [partOf(content)]
}

/** Bedrock's parts have no type; those of Strands that are text have nothing but it. */
function isPart(item: unknown): boolean {
  if (textOf(memberOf(item, 'type')) !== undefined) return true
  return typeof memberOf(item, 'text') === 'string' && Object.keys(Object(item)).length === 1
}

function partOf(item: unknown): Part {
  if (typeof item === 'string') return { kind: 'text', text: item }
  const part = memberOf(item, 'message_content') ?? item
  const type = String(memberOf(part, 'type', 'kind') ?? 'text').replaceAll('-', '_')
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text': {
      const text = memberOf(part, 'text', 'content')
      return typeof text === 'string' ? { kind: 'text', text } : { kind: 'other', value: part }
    }
    case 'reasoning':
    case 'thinking': {
      const text = memberOf(part, 'text', 'content', 'thinking')
      // A thought that is hidden has no text.
      return typeof text === 'string' ? { kind: 'reasoning', text } : { kind: 'other', value: part }
    }
    case 'tool_call':
    case 'tool_use':
    case 'function_call':
      return callPart(part) ?? { kind: 'other', value: part }
    case 'tool_result':
    case 'tool_call_response':
    case 'function_call_output':
      return resultPart(part)
    default:
      return { kind: 'other', value: part }
  }
}

function callPart(item: unknown): Part | undefined {
  const call = memberOf(item, 'tool_call') ?? item
  const named = memberOf(call, 'function') ?? call
  const name = textOf(memberOf(named, 'name', 'toolName', 'tool_name'))
  if (name === undefined) return undefined
  const id = textOf(memberOf(call, 'toolCallId', 'tool_call_id', 'call_id', 'id'))
  const given = memberOf(named, 'arguments', 'input', 'args') ?? {}
  return {
    kind: 'tool_call',
    call: { ...(id === undefined ? {} : { id }), name, arguments: structured(given) },
  }
}

function resultPart(item: unknown): Part {
  const id = textOf(memberOf(item, 'toolCallId', 'tool_call_id', 'tool_use_id', 'call_id', 'id'))
  const result = memberOf(item, 'response', 'result', 'output', 'content')
  // The AI SDK says what a result is beside it: `{ type: 'json', value: … }`.
  const wrapped = memberOf(result, 'type') !== undefined ? memberOf(result, 'value') : undefined
  return { kind: 'tool_result', id, result: structured(wrapped ?? plainText(result)) }
}

/** Anthropic's results are lists of text parts. */
function plainText(result: unknown): unknown {
  if (!Array.isArray(result)) return result ?? ''
  const parts = result.map(partOf)
  return parts.every(({ kind }) => kind === 'text') ? textOfParts(parts) : result
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
