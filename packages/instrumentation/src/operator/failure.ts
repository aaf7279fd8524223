import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api'
import { cut } from '../content/capture.ts'
import type { ContentSettings } from '../content/settings.ts'
import {
  ATTR_EXCEPTION_FRAME,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '../semconv/attributes.ts'
import { shared } from '../shared.ts'

/** The source lines around the place that an error's stack names first, that place marked. */
export type CodeFrameReader = (error: Error) => string | undefined

const frames = shared(
  'failure.frames',
  (): {
    read: CodeFrameReader | undefined
    /** An error can bring its own code frame: code that came from a parameter is in no file. */
    readonly own: WeakMap<Error, string>
  } => ({ read: undefined, own: new WeakMap() }),
)

/** Sets how exceptions get their code frame. The core reads no files; `@trace2/instrumentation/node` does. */
export function useCodeFrames(reader: CodeFrameReader): void {
  frames.read = reader
}

export function setCodeFrame(error: Error, frame: string): void {
  frames.own.set(error, frame)
}

/** Makes the span an exception node. */
export function writeFailure(
  span: Span,
  operator: string,
  thrown: unknown,
  content: ContentSettings,
): void {
  const { maxValueLength } = content
  const { type, message, stack } = describe(thrown)
  const shown = shownMessage(message, operator, content)
  const attributes: Attributes = {
    [ATTR_EXCEPTION_TYPE]: type,
    [ATTR_EXCEPTION_MESSAGE]: cutTo(shown, maxValueLength),
  }
  if (stack !== undefined) {
    // The first line of a stack repeats the message.
    const shownStack = stack.replace(message, () => shown)
    attributes[ATTR_EXCEPTION_STACKTRACE] = cutTo(shownStack, maxValueLength)
  }
  if (thrown instanceof Error) {
    const frame = frames.own.get(thrown) ?? frames.read?.(thrown)
    if (frame !== undefined) attributes[ATTR_EXCEPTION_FRAME] = frame
  }
  span.addEvent('exception', attributes)
  span.setStatus({ code: SpanStatusCode.ERROR, message: cutTo(shown, maxValueLength) })
  span.setAttribute('error.type', type)
}

function shownMessage(
  message: string,
  operator: string,
  { captureContent, mask }: ContentSettings,
): string {
  if (!captureContent) return ''
  const masked = mask ? mask(message, { operator, direction: 'error', role: undefined }) : message
  return masked === undefined ? '' : String(masked)
}

function cutTo(text: string, length: number): string {
  return text.length > length ? cut(text, length) : text
}

function describe(thrown: unknown): { type: string; message: string; stack: string | undefined } {
  if (thrown instanceof Error) {
    const type = thrown.name === 'Error' ? thrown.constructor.name : thrown.name
    return { type, message: thrown.message, stack: thrown.stack }
  }
  return { type: typeof thrown, message: String(thrown), stack: undefined }
}
