import type { Attributes } from '@opentelemetry/api'
import { ATTR_OUTPUT_MIME_TYPE, ATTR_OUTPUT_VALUE } from '@trace2/core'
import { cut } from '../content/cut.ts'
import type { ContentSettings } from '../content/settings.ts'
import { jsonText } from '../content/text.ts'
import { type Answer, answerOf, besideOutput } from './answer.ts'
import type { Part } from './blob.ts'
import { briefText } from './brief.ts'
import type { Input, Message, Outcome } from './endpoint.ts'
import { type Fields, isObject, listOf, member } from './json.ts'
import { genAi } from './names.ts'
import { contentParts, messageParts, toolCallPart } from './parts.ts'
import { toolRole, toolsIn } from './request.ts'

/** What may be seen of a value; `undefined` withholds it. */
type Show = (value: unknown) => unknown

/** What of a request's content may be seen, as the conventions for generative AI write it. */
export function requestContent(
  { captureContent, mask, maxValueLength }: ContentSettings,
  operator: string,
  body: Fields,
  inputs: readonly Input[],
): Attributes {
  if (!captureContent) return {}
  const show = (value: unknown, role: string) =>
    mask ? mask(value, { operator, direction: 'input', role }) : value
  const messages: { role: unknown; parts: readonly Part[] }[] = []
  const attributes: Attributes = {}
  for (const { role, plain, message } of inputs) {
    if (message) {
      const parts = mask ? maskedParts(message, plain, (value) => show(value, role)) : message.parts
      if (parts) messages.push({ role: message.speaker, parts })
    } else if (role === 'instructions') {
      const parts = contentParts(show(plain, role))
      if (parts.length > 0) {
        attributes[genAi.systemInstructions] = briefText(parts, maxValueLength)
      }
    }
  }
  if (messages.length > 0) attributes[genAi.inputMessages] = briefText(messages, maxValueLength)
  const tools = toolsIn(body)
    .map((tool, index) => show(tool, toolRole(tool, index)))
    .filter(isObject)
  if (tools.length > 0) {
    attributes[genAi.toolDefinitions] = briefText(tools.map(definition), maxValueLength)
  }
  return attributes
}

/** What of an answer may be seen. */
export function responseContent(
  { captureContent, mask, maxValueLength }: ContentSettings,
  operator: string,
  { output, messages }: Outcome,
  /** Why a choice ended that does not say so itself. */
  unsaid: string,
): Attributes {
  if (!captureContent || messages.length === 0) return {}
  const show = (value: unknown) =>
    mask ? mask(value, { operator, direction: 'output', role: undefined }) : value
  const shown = show(output)
  if (shown === undefined) return {}
  const written = messages.map(({ parts, finishReason = unsaid }, index) => {
    const choice = messages.length > 1 ? listOf(shown)[index] : shown
    const seen = mask ? maskedAnswer(answerOf(parts), choice, show) : parts
    return { role: 'assistant', parts: seen, finish_reason: finishReason }
  })
  return { [genAi.outputMessages]: briefText(written, maxValueLength) }
}

/** The output of a call that failed on the way: what had come before. */
export function partialOutput(
  { captureContent, mask, maxValueLength }: ContentSettings,
  operator: string,
  output: unknown,
): Attributes {
  if (!captureContent || output === undefined || output === '') return {}
  const shown = mask ? mask(output, { operator, direction: 'output', role: undefined }) : output
  if (shown === undefined) return {}
  const isText = typeof shown === 'string'
  const text = isText ? shown : jsonText(shown)
  const isLong = text.length > maxValueLength
  return {
    [ATTR_OUTPUT_VALUE]: isLong ? cut(text, maxValueLength) : text,
    [ATTR_OUTPUT_MIME_TYPE]: isText || isLong ? 'text/plain' : 'application/json',
  }
}

/** A message as far as it may be seen: its text as an input is masked, each of its other parts by itself. */
function maskedParts(message: Message, plain: unknown, show: Show): Part[] | undefined {
  const { parts, isWhole } = message
  const shown = plain === undefined ? plain : show(plain)
  if (plain !== undefined && shown === undefined) return undefined
  if (isWhole) return isObject(shown) ? messageParts(shown) : contentParts(shown)
  const [first] = parts
  if (first?.type === 'tool_call_response') return [{ ...first, response: shown }]
  return [
    ...contentParts(shown),
    ...masked(
      parts.filter(({ type }) => type !== 'text'),
      show,
    ),
  ]
}

function maskedAnswer(answer: Answer, shown: unknown, show: Show): Part[] {
  return [...outputParts(shown, answer), ...masked(besideOutput(answer), show)]
}

function outputParts(shown: unknown, { text, refusal, toolCalls }: Answer): Part[] {
  if (text === undefined && refusal === undefined && toolCalls.length === 0) return []
  if (typeof shown === 'string') return contentParts(shown)
  if (toolCalls.length > 0) {
    const calls = listOf(member(shown, 'tool_calls')).filter(isObject)
    return [...contentParts(member(shown, 'content')), ...calls.map(toolCallPart)]
  }
  const refused = text === undefined ? member(shown, 'refusal') : undefined
  return refused === undefined
    ? contentParts(jsonText(shown))
    : [{ type: 'refusal', content: refused }]
}

/** Where each kind of part has what it says; of any other kind all of it is shown or nothing. */
const says: Readonly<Record<string, string>> = {
  text: 'content',
  reasoning: 'content',
  refusal: 'content',
  uri: 'uri',
}

function masked(parts: readonly Part[], show: Show): Part[] {
  return parts.flatMap((part) => {
    const key = says[part.type]
    const shown = show(key === undefined ? part : part[key])
    if (shown === undefined) return []
    if (key !== undefined) return [{ ...part, [key]: shown }]
    return isObject(shown) ? [{ ...shown, type: part.type }] : []
  })
}

/** Chat completions keep a function's definition one level deeper than responses do. */
function definition(tool: Fields): Fields {
  const fn = member(tool, 'function') ?? member(tool, 'custom')
  const { name, description, parameters } = isObject(fn) ? fn : tool
  return { type: tool.type, name, description, parameters }
}
