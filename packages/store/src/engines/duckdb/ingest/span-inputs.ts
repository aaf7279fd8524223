import type { InputRow } from '../../../reading/index.ts'
import type { Utf8Writer } from '../../../utf8-writer.ts'
import type { ContentCollector } from './content.ts'

/**
 * Writes an input of a span as JSON, with one-letter names and without what is usual: inputs are a good part of what is
 * written. The view `edge_ref` takes them apart; `edge-ref.sql` says what each letter means.
 */
export function writeInput(out: Utf8Writer, input: InputRow, content: ContentCollector): void {
  const { role, origin, how, pointer, at, value } = input
  out.text('{"r":').json(role).text(',"o":').json(origin)
  if (how !== 'exact') out.text(',"h":').json(how)
  if (pointer !== '') out.text(',"p":').json(pointer)
  const first = input.traceId ?? input.parameter ?? input.valueHash
  const second = input.spanId ?? input.version
  if (first !== null) out.text(',"a":').json(first)
  if (second !== null) out.text(',"b":').json(second)
  if (input.distinctive) out.text(',"d":true')
  if (at !== null) out.text(',"at":').json(at)
  else if (value !== null) {
    const hash = content.keepLong(value)
    if (hash === undefined) out.text(',"v":').text(withoutLoneSurrogates(value))
    else out.text(`,"c":{"contentValue":"${hash}"}`)
  }
  out.text('}')
}

/** DuckDB's functions refuse lone surrogates in JSON, which only a stranger's text can have here. */
function withoutLoneSurrogates(json: string): string {
  if (!json.includes('\\u') || !/\\ud[89a-f]/i.test(json)) return json
  return JSON.stringify(JSON.parse(json), wellFormed)
}

function wellFormed(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), member]),
  )
}
