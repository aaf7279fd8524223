import { parseWithIds } from '../json-numbers.ts'
import { memberOf, structured, textOf } from './json.ts'
import { pythonLiteral, pythonObject } from './python-literal.ts'

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
  const content = contentOf(message)
  for (const part of contentParts(content)) parts.push(part)
  const calls = listOf(structured(memberOf(message, 'tool_calls', 'toolCalls')))
  // What a call was before there could be several.
  const only = calls.length === 0 ? memberOf(message, 'function_call') : undefined
  for (const call of only === undefined ? calls : [only]) {
    // Attributes of events have lists of texts only, each of them JSON.
    const part = callPart(structured(call))
    if (part) parts.push(part)
  }
  // Items of OpenAI's Responses API are calls and results themselves.
  const type = memberOf(message, 'type')
  if (type === 'function_call') return [callPart(message) ?? { kind: 'other', value: message }]
  if (type === 'function_call_output') return [resultPart(message)]
  return parts
}

const contentNames = ['parts', 'contents', 'content', 'text', 'object'] as const

/** The content is under the first name that has any; an empty text may stand beside an object. */
function contentOf(message: unknown): unknown {
  const name = contentNames.find((one) => (memberOf(message, one) ?? '') !== '')
  return name === undefined ? undefined : memberOf(message, name)
}

/** The text of a message as one. What a model says is cut into parts wherever it likes, inside a word as well. */
export function textOfParts(parts: readonly Part[]): string {
  return textsOf(parts).join('')
}

/** The texts that a program has put into a message, each of which is one of its own, below one another. */
export function textBelowText(parts: readonly Part[]): string {
  const texts = textsOf(parts).filter((text) => text !== '')
  return texts
    .map((text, index) => {
      const above = texts[index - 1]?.at(-1)
      return above === undefined || isBlank(above) || isBlank(text.charAt(0)) ? text : `\n${text}`
    })
    .join('')
}

function isBlank(character: string): boolean {
  return character.trim() === ''
}

function textsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
}

function contentParts(content: unknown): Part[] {
  if (content === undefined || content === '') return []
  if (typeof content === 'string') {
    // OpenLLMetry and Strands write a list of parts as JSON.
    const inside = /^\s*\[\s*\{/.test(content) ? structured(content) : content
    if (Array.isArray(inside) && inside.length > 0 && inside.every(isPart)) {
      return inside.map(partOf)
    }
    return printedCalls(content) ?? [{ kind: 'text', text: content }]
  }
  // A part that says only what it is has its content elsewhere: a call among the message's calls.
  if (!Array.isArray(content)) return [partOf(content)]
  const inside = content.map(structured)
  const items = content.every(isText) && inside.every(isPart) ? inside : content
  return items.filter((part) => !isBare(part)).flatMap((item) => unpacked(partOf(item)))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/**
 * Calls as Python prints them: one of OpenAI's client, of which the instrumentation of its agents says no more, and those that
 * smolagents tells a model of.
 */
function printedCalls(text: string): Part[] | undefined {
  const [said] = /^Calling tools:\s*(?=\[)/.exec(text) ?? []
  if (said !== undefined) {
    const listed = pythonLiteral(text.slice(said.length))
    const calls = listOf(listed).flatMap((call) => callPart(call) ?? [])
    return calls.length > 0 && calls.length === listOf(listed).length ? calls : undefined
  }
  const isOne = /^(?:Response|ChatCompletionMessage)\w*ToolCall\(/.test(text)
  const call = isOne ? callPart(pythonObject(text)) : undefined
  return call && [call]
}

/** OpenLLMetry writes LangChain's parts into the text of one. */
function unpacked(part: Part): Part[] {
  const calls = part.kind === 'text' ? printedCalls(part.text) : undefined
  if (calls) return calls
  if (part.kind !== 'text' || !/^\s*\[\s*\{\s*"type"/.test(part.text)) return [part]
  const inside = structured(part.text)
  if (!Array.isArray(inside) || inside.length === 0) return [part]
  const parts = inside.filter(isPart).map(partOf)
  return parts.length === inside.length && parts.every(({ kind }) => kind === 'text')
    ? parts
    : [part]
}

function isBare(part: unknown): boolean {
  return Object.keys(Object(part)).length === 1 && memberOf(part, 'type') !== undefined
}

/** Parts of Bedrock, Gemini, Genkit and Haystack have no type but one member that says what they are. */
const untyped: Readonly<Record<string, string>> = {
  toolUse: 'tool_call',
  tool_use: 'tool_call',
  functionCall: 'tool_call',
  function_call: 'tool_call',
  toolResult: 'tool_result',
  tool_result: 'tool_result',
  functionResponse: 'tool_result',
  function_response: 'tool_result',
  tool_call: 'tool_call',
  tool_call_result: 'tool_result',
  toolRequest: 'tool_call',
  toolResponse: 'tool_result',
  reasoningContent: 'reasoning',
}

function untypedPart(item: unknown): { readonly type: string; readonly of: unknown } | undefined {
  for (const [name, type] of Object.entries(untyped)) {
    const of = memberOf(item, name)
    if (typeof of === 'object') return { type, of }
  }
  return undefined
}

function isPart(item: unknown): boolean {
  if (textOf(memberOf(item, 'type')) !== undefined || untypedPart(item)) return true
  return typeof memberOf(item, 'text') === 'string' && Object.keys(Object(item)).length === 1
}

function partOf(item: unknown): Part {
  if (typeof item === 'string') return { kind: 'text', text: item }
  const held = memberOf(item, 'message_content') ?? item
  const typed = memberOf(held, 'type', 'kind', '$type')
  const bare = typed === undefined ? untypedPart(held) : undefined
  const part = bare ? (memberOf(bare.of, 'reasoningText') ?? bare.of) : held
  // Gemini marks a thought beside its text; Genkit has it instead of one.
  const thought = memberOf(held, 'thought') === true ? 'reasoning' : undefined
  const only = memberOf(held, 'reasoning')
  if (typed === undefined && typeof only === 'string') return { kind: 'reasoning', text: only }
  const type = thought ?? bare?.type ?? snakeCase(String(typed ?? 'text'))
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

function snakeCase(name: string): string {
  return name
    .replaceAll('-', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/^_/, '')
}

function callPart(item: unknown): Part | undefined {
  const call = memberOf(item, 'tool_call') ?? item
  const named = memberOf(call, 'function') ?? call
  const name = textOf(memberOf(named, 'name', 'toolName', 'tool_name'))
  if (name === undefined) return undefined
  const id = textOf(
    memberOf(call, 'toolCallId', 'tool_call_id', 'toolUseId', 'call_id', 'id', 'ref'),
  )
  const given = memberOf(named, 'arguments', 'input', 'args') ?? {}
  return {
    kind: 'tool_call',
    call: { ...(id === undefined ? {} : { id }), name, arguments: argumentsValue(given) },
  }
}

function resultPart(item: unknown): Part {
  // Haystack has the call itself inside its result.
  const call = memberOf(item, 'origin') ?? item
  const id = textOf(
    memberOf(
      call,
      'toolCallId',
      'tool_call_id',
      'tool_use_id',
      'toolUseId',
      'call_id',
      'id',
      'ref',
    ),
  )
  const result = memberOf(item, 'response', 'result', 'output', 'content')
  return { kind: 'tool_result', id, result: resultValue(plainText(typedResult(result))) }
}

/** The AI SDK says what a result is beside it (`{ type: 'json', value: … }`), and VoltAgent does so once more. */
export function typedResult(result: unknown): unknown {
  const value = memberOf(result, 'type') === undefined ? undefined : memberOf(result, 'value')
  if (value === undefined) return result
  const type = memberOf(value, 'type')
  const isTypedAgain =
    (type === 'text' || type === 'json') && Object.keys(Object(value)).length === 2
  return isTypedAgain ? (memberOf(value, 'value') ?? value) : value
}

/** What a tool answered: JSON in a text is what it says, and so is a literal of Python. */
export function resultValue(value: unknown): unknown {
  const inside = structured(value)
  return typeof inside === 'string' ? (pythonLiteral(inside) ?? inside) : inside
}

/** Arguments of a call, which some write as JSON in JSON. */
export function argumentsValue(value: unknown): unknown {
  const inside = resultValue(value)
  if (typeof inside !== 'string' || !/^\s*"/.test(inside)) return inside
  try {
    return resultValue(parseWithIds(inside))
  } catch {
    return inside
  }
}

/** Anthropic's results are lists of text parts. */
function plainText(result: unknown): unknown {
  if (!Array.isArray(result) || result.length === 0) return result ?? ''
  const [only] = result
  // Bedrock's results are lists of texts and of JSON values.
  const json = result.length === 1 ? memberOf(only, 'json') : undefined
  if (json !== undefined) return json
  const parts = result.map(partOf)
  return parts.every(({ kind }) => kind === 'text') ? textOfParts(parts) : result
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
