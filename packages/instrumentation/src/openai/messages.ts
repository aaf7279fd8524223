import { cut } from '../content/cut.ts'
import { jsonText } from '../content/text.ts'
import { findOrigin } from '../lineage/origins.ts'
import { currentState } from '../operator/frame.ts'
import type { Input } from './endpoint.ts'
import { type Fields, isObject, listOf, member, parsedObject, textOf } from './json.ts'
import { inside } from './request.ts'

/**
 * A message as an input. Its role names who speaks; its value is the content, or the whole message where there is
 * more to it. `passed` is the message as the caller wrote it.
 */
export function messageInput(role: string, message: unknown, passed: unknown): Input {
  if (!isObject(message)) return { role, passed, plain: message }
  const speaker = textOf(message.role)
  const named = speaker === undefined ? role : `${role}/${speaker}`
  const isWhole = Array.isArray(message.tool_calls) || message.content === undefined
  const plain = isWhole ? message : message.content
  // A message that came as an object of an answer is known better than by its text.
  const isKnown = isWhole || findOrigin(message, currentState().lineage) !== undefined
  return { role: named, passed: isKnown ? message : inside(passed, 'content'), plain, message }
}

/** A part of a message as the conventions for generative AI write it. */
export type Part = Readonly<Record<string, unknown>>

/** The parts of an input message; `shown` is what may be seen of its value, `most` how long a text may be. */
export function inputParts(message: Fields, shown: unknown, most: number): Part[] {
  const brief = (text: string) => (text.length > most ? cut(text, most) : text)
  const result = message.tool_call_id ?? message.call_id
  if (result !== undefined && message.arguments === undefined) {
    const response = shown === message ? message.output : shown
    const text = typeof response === 'string' ? response : jsonText(response)
    return [{ type: 'tool_call_response', id: result, response: brief(text) }]
  }
  if (shown !== message) return contentParts(shown, brief)
  return [
    ...contentParts(message.content, brief),
    ...(message.type === 'function_call' ? [toolCallPart(message.call_id, message, brief)] : []),
    ...listOf(message.tool_calls).map((call) =>
      toolCallPart(member(call, 'id'), member(call, 'function') ?? member(call, 'custom'), brief),
    ),
  ]
}

function contentParts(content: unknown, brief: (text: string) => string): Part[] {
  if (typeof content === 'string')
    return content === '' ? [] : [{ type: 'text', content: brief(content) }]
  if (!Array.isArray(content))
    return isObject(content) ? [{ type: 'text', content: brief(jsonText(content)) }] : []
  return content.map((part) => contentPart(part, brief))
}

function contentPart(part: unknown, brief: (text: string) => string): Part {
  const text = member(part, 'text') ?? member(part, 'refusal')
  if (typeof text === 'string') return { type: 'text', content: brief(text) }
  const image = member(part, 'image_url')
  const uri = textOf(image) ?? textOf(member(image, 'url'))
  // Bytes of an image that is part of the request are none of a trace's business.
  if (uri?.startsWith('data:')) return { type: 'blob', modality: 'image', mime_type: mimeType(uri) }
  if (uri !== undefined) return { type: 'uri', modality: 'image', uri: brief(uri) }
  return { type: textOf(member(part, 'type')) ?? 'unknown' }
}

function mimeType(uri: string): string {
  return /^data:([^;,]*)/.exec(uri)?.[1] ?? ''
}

function toolCallPart(id: unknown, called: unknown, brief: (text: string) => string): Part {
  const text = textOf(member(called, 'arguments') ?? member(called, 'input')) ?? ''
  const args = text.length > 0 && brief(text) === text ? parsedObject(text) : undefined
  return { type: 'tool_call', id, name: member(called, 'name'), arguments: args ?? brief(text) }
}

/** The parts of an output, or of what may be seen of it. */
export function outputParts(shown: unknown, most: number): Part[] {
  const brief = (text: string) => (text.length > most ? cut(text, most) : text)
  const calls = member(shown, 'tool_calls')
  if (!Array.isArray(calls)) {
    const text = typeof shown === 'string' ? shown : jsonText(member(shown, 'refusal') ?? shown)
    return text === '' ? [] : [{ type: 'text', content: brief(text) }]
  }
  return [
    ...contentParts(member(shown, 'content'), brief),
    ...calls.map((call) => ({
      type: 'tool_call',
      id: member(call, 'id'),
      name: member(call, 'name'),
      arguments: member(call, 'arguments'),
    })),
  ]
}
