import { findOrigin, findOrigins } from '../lineage/origins.ts'
import { isNode } from '../node.ts'
import { currentState } from '../operator/frame.ts'
import { isParameter } from '../parameter/parameter.ts'
import { t } from '../template.ts'
import { deriveText } from '../text/derive.ts'
import type { Input } from './endpoint.ts'
import { type Fields, isObject, member, nameOf } from './json.ts'
import { legible } from './legible.ts'
import {
  contentParts,
  isMessage,
  isToolResult,
  joinedText,
  messageParts,
  toolCallsOf,
} from './parts.ts'
import { inside } from './request.ts'

/**
 * A message, or an item of a response's input, as inputs of a call. The role of the first names who speaks; its value
 * is the text, or the whole message where there is more to it than content. What is no text among the parts of the
 * content is an input of its own. `passed` is the message as the caller wrote it.
 */
export function messageInputs(place: string, message: unknown, passed: unknown): Input[] {
  if (!isObject(message)) return [{ role: place, passed, plain: legible(message) }]
  const who = speaker(message)
  const role = who === undefined ? place : `${place}/${who}`
  const parts = messageParts(message)
  const said = { speaker: spokenBy(message), parts }
  const key = isToolResult(message) && message.output !== undefined ? 'output' : 'content'
  const content = message[key]
  // A message that came as an object of an answer is known better than by its text.
  const hasOrigin = isKnown(message)
  if (isWhole(message, content)) {
    return [{ role, passed, plain: legible(message), message: { ...said, isWhole: true } }]
  }
  const given = inside(passed, key)
  if (!Array.isArray(content)) {
    return [{ role, passed: hasOrigin ? passed : given, plain: legible(content), message: said }]
  }
  return partInputs({ role, passed: hasOrigin ? passed : undefined, message: said }, content, given)
}

function speaker(message: Fields): string | undefined {
  if (message.role === undefined && isToolResult(message)) return 'tool'
  return nameOf(message.role) ?? nameOf(message.type)
}

function spokenBy(message: Fields): string {
  if (message.role !== undefined) return nameOf(message.role) ?? 'unknown'
  return isToolResult(message) ? 'tool' : 'assistant'
}

function isWhole(message: Fields, content: unknown): boolean {
  if (content === undefined || content === null || toolCallsOf(message).length > 0) return true
  return !isMessage(message) && !isToolResult(message)
}

/** `whole` is the input for the message; what was passed is known where the message itself came from somewhere. */
function partInputs(
  whole: Omit<Input, 'plain'>,
  content: readonly unknown[],
  given: unknown,
): Input[] {
  const { role } = whole
  const texts: [part: unknown, passed: unknown][] = []
  const others: Input[] = []
  const textParts = content.map((part, index) => {
    const [read] = contentParts([part])
    if (read?.type === 'text') texts.push([part, inside(given, index)])
    else others.push({ role: `${role}/${index}`, passed: inside(given, index), plain: read })
    return read
  })
  const isText = texts.length > 0
  const text = joinedText(textParts.filter((part) => part !== undefined))
  const passed = whole.passed ?? (isHandle(given) || isKnown(content) ? given : textPassed(texts))
  return [{ ...whole, passed, plain: isText ? text : undefined }, ...others]
}

/** The text of parts as it was passed: a text of several parts is a template of those that came from somewhere. */
function textPassed(texts: readonly (readonly [part: unknown, passed: unknown])[]): unknown {
  const passed = texts.map(([part, given]) => {
    if (isHandle(given)) return deriveText(given, (value) => textIn(value))
    if (isKnown(given))
      return texts.length === 1 ? given : deriveText(given, (value) => textIn(value))
    return isObject(given) ? inside(given, 'text') : textIn(part)
  })
  if (passed.length <= 1) return passed[0]
  const run = currentState()
  const strings = ['']
  const values: unknown[] = []
  for (const text of passed) {
    if (typeof text === 'string' && findOrigins(text, run).matches.length === 0) {
      strings.push((strings.pop() ?? '') + text)
    } else {
      strings.push('')
      values.push(text)
    }
  }
  return values.length === 0 ? strings[0] : t(Object.assign(strings, { raw: strings }), ...values)
}

function textIn(part: unknown): string {
  const text = typeof part === 'string' ? part : (member(part, 'text') ?? member(part, 'content'))
  return typeof text === 'string' ? text : ''
}

function isKnown(value: unknown): boolean {
  return typeof value === 'object' && findOrigin(value, currentState().lineage) !== undefined
}

function isHandle(value: unknown): boolean {
  return isNode(value) || isParameter(value)
}
