import { blobPart, byteCount, type Part } from './blob.ts'
import {
  type Fields,
  isObject,
  listOf,
  member,
  nameOf,
  objectsOf,
  parsedObject,
  textOf,
} from './json.ts'
import { legible } from './legible.ts'
import { mediaPart } from './media.ts'

/**
 * The parts of a message, or of an item of a response, in order: what was thought, said and refused, what tools were
 * called and what they answered. Reads messages of a chat and items of the Responses API, also of those who extend them.
 */
export function messageParts(message: Fields): Part[] {
  if (isToolResult(message)) return [toolResultPart(message)]
  if (!isMessage(message)) return [contentPart(message)]
  const { content, refusal } = message
  // Most messages are a text and nothing else.
  if (typeof content === 'string' && Object.keys(message).length === 2) return contentParts(content)
  return [
    ...reasoningParts(message),
    ...contentParts(content),
    ...(textOf(refusal) ? [{ type: 'refusal', content: refusal }] : []),
    ...spokenParts(message.audio),
    ...objectsOf(message.images).map(contentPart),
    ...toolCallsOf(message).map(toolCallPart),
  ]
}

/** The parts of a content, which is a text or a list. */
export function contentParts(content: unknown): Part[] {
  if (content === undefined || content === null || content === '') return []
  return Array.isArray(content) ? content.map(contentPart) : [contentPart(content)]
}

/** The text of parts, in order. */
export function joinedText(parts: readonly Part[]): string {
  return parts
    .flatMap(({ type, content }) =>
      type === 'text' && typeof content === 'string' ? [content] : [],
    )
    .join('')
}

/** Calls of tools that a message asks for; one `function_call` is how it was written at first. */
export function toolCallsOf(message: unknown): Fields[] {
  const first = member(message, 'function_call')
  const listed = member(message, 'tool_calls')
  const calls = listed === undefined ? [] : objectsOf(listed)
  return isObject(first) ? [{ function: first }, ...calls] : calls
}

/** A call of a tool, of a chat or of a response. */
export function toolCallPart(call: Fields): Part {
  const what = member(call, 'function') ?? member(call, 'custom') ?? call
  const given = member(what, 'arguments') ?? member(what, 'input')
  return {
    type: 'tool_call',
    id: textOf(call.call_id) ?? textOf(call.id),
    name: textOf(member(what, 'name')),
    arguments: legible(typeof given === 'string' ? (parsedObject(given) ?? given) : given) ?? '',
  }
}

/** Whether an item of a response is a message, as everything in a chat is. */
export function isMessage({ role, type }: Fields): boolean {
  return role !== undefined || type === undefined || type === 'message'
}

/** Whether a message or an item is what a tool answered. */
export function isToolResult({ role, type, tool_call_id }: Fields): boolean {
  if (role === 'tool' || role === 'function' || tool_call_id !== undefined) return true
  return role === undefined && textOf(type)?.endsWith('_output') === true
}

/** What a tool answered: its text, or its parts where some are none. */
function toolResult(content: unknown): unknown {
  if (!Array.isArray(content)) return legible(content)
  const parts = contentParts(content)
  return parts.every(({ type }) => type === 'text') ? joinedText(parts) : parts
}

function toolResultPart(message: Fields): Part {
  return {
    type: 'tool_call_response',
    id: textOf(message.tool_call_id) ?? textOf(message.call_id),
    ...(textOf(message.name) && { name: message.name }),
    response: toolResult(message.output ?? message.content),
  }
}

function contentPart(item: unknown): Part {
  if (typeof item === 'string') return textPart(item)
  if (!isObject(item)) return { type: 'unknown', content: legible(item) }
  const media = mediaPart(item)
  if (media) return media
  const type = nameOf(item.type) ?? 'unknown'
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  const part = read?.(item) ?? (item.type === undefined ? textIn(item) : undefined)
  if (part) return part
  const isServerCall = !written.has(type) && (type.endsWith('_call') || type.startsWith('mcp_'))
  return isServerCall ? serverCallPart(type, item) : asIs(type, item)
}

/** Parts that are already as the conventions write them. */
const written = new Set(['tool_call', 'server_tool_call'])

/** How each kind of part or item is read; one that says nothing in its own way is taken as it is. */
const readers: Readonly<Record<string, (part: Fields) => Part | undefined>> = {
  text: textIn,
  input_text: textIn,
  output_text: textIn,
  refusal: (part) => {
    const content = textOf(part.refusal) ?? textOf(part.content)
    return content === undefined ? undefined : { type: 'refusal', content }
  },
  reasoning: reasoningPart,
  thinking: reasoningPart,
  redacted_thinking: reasoningPart,
  reasoning_text: reasoningPart,
  summary_text: reasoningPart,
  'reasoning.text': reasoningPart,
  'reasoning.summary': reasoningPart,
  'reasoning.encrypted': reasoningPart,
  function_call: toolCallPart,
  custom_tool_call: toolCallPart,
  tool_use: toolCallPart,
  tool_result: (part) => ({
    type: 'tool_call_response',
    id: textOf(part.tool_use_id) ?? textOf(part.tool_call_id),
    response: toolResult(part.content),
  }),
  // The program that asked does these, and sends back how they went.
  computer_call: actionPart,
  local_shell_call: actionPart,
  shell_call: actionPart,
  apply_patch_call: actionPart,
}

function textPart(text: string): Part {
  const blob = legible(text)
  return isObject(blob) ? { type: 'blob', ...blob } : { type: 'text', content: text }
}

function textIn(part: Fields): Part | undefined {
  const text = typeof part.text === 'string' ? part.text : part.content
  if (typeof text !== 'string') return undefined
  const annotations = listOf(part.annotations)
  return { ...textPart(text), ...(annotations.length > 0 && { annotations: legible(annotations) }) }
}

/** What a model thought, in the members of a message that endpoints have for it. */
function reasoningParts(message: Fields): Part[] {
  const { reasoning_content: content, reasoning, thinking } = message
  const thought = [content, reasoning, thinking].find((text) => textOf(text) !== undefined)
  if (thought !== undefined) return [{ type: 'reasoning', content: thought }]
  const details = objectsOf(message.reasoning_details).map(reasoningPart)
  // A stream gives them in pieces.
  const text = details.map((part) => part.content).join('')
  return details.length === 0 ? [] : [{ ...details[0], type: 'reasoning', content: text }]
}

/** The text of a thought, or how many bytes it has where it is hidden. */
function reasoningPart(part: Fields): Part {
  const texts = [part.thinking, part.summary, part.content, part.text].flatMap(textsIn)
  const hidden = textOf(part.encrypted_content) ?? textOf(part.data)
  if (texts.length === 0 && hidden === undefined) return { type: 'reasoning', content: '' }
  return {
    type: 'reasoning',
    content: texts.join('\n'),
    ...(hidden !== undefined && { encrypted_byte_count: byteCount(hidden) }),
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return listOf(value).flatMap((item) => textOf(item) ?? textOf(member(item, 'text')) ?? [])
}

/** Spoken words are text; the sound of them is bytes. A later request names it by its id. */
function spokenParts(audio: unknown): Part[] {
  const transcript = textOf(member(audio, 'transcript'))
  const data = member(audio, 'data')
  const id = textOf(member(audio, 'id'))
  const sound = isObject(data)
    ? { type: 'blob', ...data }
    : textOf(data) && blobPart(String(data), 'audio')
  if (transcript === undefined && !sound) {
    return id === undefined ? [] : [{ type: 'file', modality: 'audio', file_id: id }]
  }
  return [...(transcript === undefined ? [] : [textPart(transcript)]), ...(sound ? [sound] : [])]
}

function actionPart(item: Fields): Part {
  return {
    type: 'tool_call',
    id: textOf(item.call_id) ?? textOf(item.id),
    name: String(item.type).replace(/_call$/, ''),
    arguments: legible(item.action ?? item.actions ?? item.operation) ?? '',
  }
}

/** A tool that the endpoint called itself, with what it found. */
function serverCallPart(type: string, item: Fields): Part {
  const name = textOf(item.name) ?? type.replace(/_call$/, '')
  return { type: 'server_tool_call', id: textOf(item.id), name, server_tool_call: legible(item) }
}

function asIs(type: string, item: Fields): Part {
  const shown = legible(item)
  return isObject(shown) ? { ...shown, type } : { type }
}
