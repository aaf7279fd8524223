import type { AnyValue } from '../../otlp/records.ts'
import { type ChatMessage, call, openAiCall, question, reply, result } from './story.ts'

export type Values = Readonly<Record<string, AnyValue>>

/** What OpenInference and others have of a span that is no model call. */
export function values(input: string = question, output: string = reply): Values {
  return { 'input.value': input, 'output.value': output }
}

/** A part of a message of OpenTelemetry. */
export function text(content: string) {
  return { type: 'text', content }
}

/** A message of OpenTelemetry. */
export function parts(role: string, list: readonly unknown[]) {
  return { role, parts: list }
}

/** As OpenTelemetry has a message. */
export function inParts(message: ChatMessage) {
  if ('tool_calls' in message) return parts('assistant', [{ type: 'tool_call', ...call }])
  if ('tool_call_id' in message) {
    return parts('tool', [{ type: 'tool_call_response', id: call.id, response: result }])
  }
  return parts(message.role, [text(message.content)])
}

/** As OpenInference nests a message. */
export function openInferenceMessage(message: ChatMessage) {
  if (!('tool_calls' in message)) return { message }
  const { id, function: named } = openAiCall
  return { message: { role: message.role, tool_calls: [{ tool_call: { id, function: named } }] } }
}

/** As OpenLLMetry numbers the members of a message. */
export function indexedMessage(message: ChatMessage) {
  if (!('tool_calls' in message)) return message
  return {
    role: message.role,
    tool_calls: [{ ...call, arguments: JSON.stringify(call.arguments) }],
  }
}

/** As the AI SDK of Vercel has a message. */
export function vercelMessage(message: ChatMessage) {
  const named = { toolCallId: call.id, toolName: call.name }
  if ('tool_calls' in message) {
    return {
      role: 'assistant',
      content: [{ type: 'tool-call', ...named, input: call.arguments }],
    }
  }
  if ('tool_call_id' in message) {
    const output = { type: 'json', value: result }
    return { role: 'tool', content: [{ type: 'tool-result', ...named, output }] }
  }
  return message.role === 'system'
    ? message
    : { role: message.role, content: [{ type: 'text', text: message.content }] }
}

/** Nested values as attributes `prefix.0.member…`. */
export function flat(prefix: string, value: unknown): Values {
  if (typeof value === 'string' || typeof value === 'number') return { [prefix]: value }
  if (typeof value !== 'object' || value === null) return {}
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, member]) => flat(`${prefix}.${key}`, member)),
  )
}
