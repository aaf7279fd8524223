import type { InputRow } from '../../canonical/rows.ts'
import { remembering } from '../../remembering.ts'
import type { ContentCollector } from './content.ts'

/**
 * The inputs of a span as JSON, a member for each, with one-letter names and without what is usual: they are a good
 * part of what is written. The view `edge_ref` takes them apart; `edge-ref.sql` says what each letter means.
 */
export function inputsJson(inputs: readonly InputRow[], content: ContentCollector): string | null {
  if (inputs.length === 0) return null
  const text = `[${inputs.map((input) => inputJson(input, content)).join(',')}]`
  // DuckDB's functions refuse lone surrogates, which only a stranger's names can still have here.
  return text.includes('\\u') && /\\ud[89a-f]/i.test(text)
    ? JSON.stringify(JSON.parse(text), wellFormed)
    : text
}

const quotedName = remembering((name) => JSON.stringify(name))

function inputJson(input: InputRow, content: ContentCollector): string {
  const { role, origin, how, pointer } = input
  let text = `{"r":${quotedName(role)},"o":"${origin}"`
  if (how !== 'exact') text += `,"h":${quotedName(how)}`
  if (pointer !== '') text += `,"p":${quotedName(pointer)}`
  const first = input.traceId ?? input.parameter ?? input.valueHash
  const second = input.spanId ?? input.version
  if (first !== null) text += `,"a":${JSON.stringify(first)}`
  if (second !== null) text += `,"b":${JSON.stringify(second)}`
  if (input.distinctive) text += ',"d":true'
  return `${text}${valueJson(input, content)}}`
}

function valueJson({ at, value }: InputRow, content: ContentCollector): string {
  if (at !== null) return `,"at":${quotedName(at)}`
  if (value === null) return ''
  const hash = content.keepLong(value)
  return hash === undefined ? `,"v":${value}` : `,"c":{"contentValue":"${hash}"}`
}

function wellFormed(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), member]),
  )
}
