import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_EXCEPTION_CAUSES,
  ATTR_EXCEPTION_FRAME,
  ATTR_EXCEPTION_MEMBERS,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_OUTPUT_FIDELITY,
  codeFrameOf,
  shared,
} from '@trace2/core'
import { cut, mostRead } from '../content/cut.ts'
import { firstMembers } from '../content/error-message.ts'
import { errorMessage, errorName, isError, stackOf } from '../content/kinds.ts'
import type { ContentSettings, MaskContext } from '../content/settings.ts'
import { jsonText } from '../content/text.ts'
import { classNameOf, dataMember, inheritedMember } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'
import { guarded } from './guarded.ts'

/** The source lines around the place that an error's stack names first, that place marked. */
export type CodeFrameReader = (error: Error) => string | undefined

const frames = shared('failure.frames', (): { read: CodeFrameReader | undefined } => ({
  read: undefined,
}))

/** Sets how exceptions get their code frame. The core reads no files; `@trace2/instrumentation/node` does. */
export function useCodeFrames(reader: CodeFrameReader): void {
  frames.read = reader
}

/** Makes the span an exception node, whatever was thrown. */
export function writeFailure(
  span: Span,
  operator: string,
  thrown: unknown,
  content: ContentSettings,
): void {
  const { maxValueLength } = content
  // First, so that nothing that goes wrong below hides that the call failed.
  span.setStatus({ code: SpanStatusCode.ERROR })
  const { type, message, stack, causes } = describe(thrown, maxValueLength)
  span.setAttribute('error.type', type)
  const shown = shownText(message, operator, content)
  // It cannot be thrown again.
  if (shown !== message) span.setAttribute(ATTR_OUTPUT_FIDELITY, 'masked')
  const attributes: Attributes = {
    [ATTR_EXCEPTION_TYPE]: type,
    [ATTR_EXCEPTION_MESSAGE]: shown,
  }
  span.setStatus({ code: SpanStatusCode.ERROR, message: shown })
  if (stack !== undefined) {
    // The first line of a stack repeats the message.
    const isRepeated = message !== '' && stack.length <= mostRead
    const written = isRepeated ? stack.replace(message, () => shown) : stack
    attributes[ATTR_EXCEPTION_STACKTRACE] = cutTo(written, maxValueLength)
  }
  if (causes.length > 0) {
    attributes[ATTR_EXCEPTION_CAUSES] = causes.map((cause) => shownText(cause, operator, content))
  }
  const members = tellingMembers(thrown)
  if (members !== undefined && content.captureContent && !content.mask) {
    attributes[ATTR_EXCEPTION_MEMBERS] = members
  }
  const frame = guarded(() => frameOf(thrown))
  if (frame !== undefined) attributes[ATTR_EXCEPTION_FRAME] = frame
  span.addEvent('exception', attributes)
}

/** Members by which programs tell errors apart. What else an error carries may be anything, secrets included. */
const telling = ['code', 'status', 'statusCode', 'errno', 'syscall', 'type', 'param'] as const
const longestMember = 100

function tellingMembers(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || types.isProxy(thrown)) return undefined
  const found: Record<string, string | number | boolean> = {}
  for (const name of telling) {
    const value = dataMember(thrown, name)
    const isText = typeof value === 'string' && value.length <= longestMember
    if (isText || typeof value === 'boolean' || isFiniteNumber(value)) found[name] = value
  }
  // What is called by its class calls itself an `Error`.
  const name = isError(thrown) ? inheritedMember(thrown, 'name') : undefined
  if (name === 'Error' && errorName(thrown) !== name) found.name = name
  const text = JSON.stringify(found)
  return text === '{}' ? undefined : text
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function frameOf(thrown: unknown): string | undefined {
  if (!isError(thrown)) return undefined
  return codeFrameOf(thrown) ?? frames.read?.(thrown)
}

function shownText(
  text: string,
  operator: string,
  { captureContent, mask, maxValueLength }: ContentSettings,
): string {
  if (!captureContent) return ''
  if (!mask) return cutTo(text, maxValueLength)
  const context: MaskContext = { operator, direction: 'error', role: undefined }
  const masked = guarded(() => mask(text, context))
  return masked === undefined ? '' : cutTo(String(masked), maxValueLength)
}

function cutTo(text: string, length: number): string {
  return text.length > length ? cut(text, length) : text
}

interface Description {
  readonly type: string
  readonly message: string
  readonly stack: string | undefined
  /** What the error says caused it, the nearest first: `type: message`. */
  readonly causes: readonly string[]
}

const mostCauses = 8
const mostTypeLength = 1_000

function describe(thrown: unknown, maxLength: number): Description {
  if (isError(thrown)) {
    return {
      type: cutTo(errorName(thrown), mostTypeLength),
      message: errorMessage(thrown),
      stack: stackOf(thrown),
      causes: causesOf(thrown, maxLength),
    }
  }
  const message = typeof thrown === 'object' && thrown !== null ? ownMessage(thrown) : undefined
  return {
    type: typeof thrown === 'object' && thrown !== null ? typeOfObject(thrown) : typeof thrown,
    message: message ?? textOf(thrown, maxLength),
    stack: undefined,
    causes: [],
  }
}

/** An object that is thrown in place of an error often has the error's members. */
function ownMessage(thrown: object): string | undefined {
  const message = types.isProxy(thrown) ? undefined : dataMember(thrown, 'message')
  return typeof message === 'string' ? message : undefined
}

function typeOfObject(thrown: object): string {
  const name = classNameOf(thrown)
  return name === 'Object' ? 'object' : name
}

function textOf(value: unknown, maxLength: number): string {
  if (typeof value === 'object' && value !== null) return jsonText(value, maxLength)
  return typeof value === 'function' ? '[function]' : String(value)
}

/** The chain of causes, and what an `AggregateError` gathers. */
function causesOf(error: Error, maxLength: number): string[] {
  const causes: string[] = []
  const seen = new Set<unknown>([error])
  const pending: unknown[] = directCauses(error)
  for (const cause of pending) {
    if (causes.length === mostCauses) break
    if (cause === undefined || seen.has(cause)) continue
    seen.add(cause)
    if (isError(cause)) {
      causes.push(`${cutTo(errorName(cause), mostTypeLength)}: ${errorMessage(cause)}`)
      pending.push(...directCauses(cause))
    } else causes.push(cutTo(textOf(cause, maxLength), maxLength))
  }
  return causes
}

function directCauses(error: Error): unknown[] {
  const cause = dataMember(error, 'cause')
  const gathered = firstMembers(dataMember(error, 'errors'), mostCauses)
  return [...(cause === undefined || cause === null ? [] : [cause]), ...gathered]
}
