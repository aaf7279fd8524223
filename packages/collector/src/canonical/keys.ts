import type { SpanRecord } from '../otlp/model.ts'
import { unflatten } from './flattened.ts'
import { parsed } from './messages.ts'
import { capturedAt, numberAt, parseCaptured, textAt } from './read.ts'

type Holder = Pick<SpanRecord, 'attributes' | 'events'>

/** Value of the first key of a dialect table's list that has one; see {@link Dialect} for the notation. */
export function firstValue(span: Holder, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = valueAt(span, key)
    if (value !== undefined) return value
  }
  return undefined
}

export function hasKey(span: Pick<SpanRecord, 'attributes'>, key: string): boolean {
  if (!/[*#]$/.test(key)) return span.attributes.has(key)
  const prefix = key.slice(0, -1)
  for (const name of span.attributes.keys()) {
    if (!name.startsWith(prefix)) continue
    if (key.endsWith('*') || /^\d/.test(name.slice(prefix.length))) return true
  }
  return false
}

export function firstText(span: Pick<SpanRecord, 'attributes'>, keys: readonly string[]) {
  for (const key of keys) {
    const text = textAt(span.attributes, key)
    if (text !== null) return text
  }
  return null
}

export function firstNumber(span: Pick<SpanRecord, 'attributes'>, keys: readonly string[]) {
  for (const key of keys) {
    const number = numberAt(span.attributes, key)
    if (number !== null) return number
  }
  return null
}

function valueAt(span: Holder, key: string): unknown {
  if (key.startsWith('event:')) return eventsAt(span, key.slice('event:'.length))
  if (key.endsWith('.*')) return unflatten(span.attributes, key.slice(0, -2))
  if (key.endsWith('.#')) {
    const tree = unflatten(span.attributes, key.slice(0, -2), true)
    return Array.isArray(tree) ? tree : undefined
  }
  const captured = capturedAt(span.attributes, key, key.replace(/\.value$/, '.mime_type'))
  return captured ? parseCaptured(captured) : undefined
}

/** Span events of a name, each as a message: its attributes, with the role that the name gives it. */
function eventsAt(span: Holder, pattern: string): unknown {
  const [start = '', end = ''] = pattern.split('*')
  const messages = span.events
    .filter(
      ({ name }) => name.startsWith(start) && name.endsWith(end) && name.length >= start.length,
    )
    .filter(({ name }) => pattern.includes('*') || name === pattern)
    .map(({ name, attributes }) => {
      const role = /^gen_ai\.(\w+)\.message$/.exec(name)?.[1] ?? 'assistant'
      const content =
        textAt(attributes, 'gen_ai.prompt') ?? textAt(attributes, 'gen_ai.completion') ?? ''
      const own = [...attributes].map(([field, value]) => [field, parsed(value)])
      return { role, content, ...Object.fromEntries(own), ...messageOf(attributes.get('message')) }
    })
  return messages.length === 0 ? undefined : messages
}

function messageOf(value: unknown): object {
  const message = parsed(value)
  return typeof message === 'object' && message !== null ? message : {}
}
