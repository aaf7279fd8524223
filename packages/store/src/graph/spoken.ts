import type { Json } from '@trace2/core'
import { isJsonObject } from './parts.ts'

/** Texts of a span, by which a passing on is found in foreign traces. Spans of our own are read without them. */
export interface SpanTexts {
  readonly spanId: string
  /** `llm`, `tool`, `agent`, `retriever` …, or `null` where nothing says. */
  readonly opKind: string | null
  /** Id of the tool call that the span executes. */
  readonly callId: string | null
  /**
   * JSON of the input of a span of another recorder; `null` for spans of Trace2, which say where their inputs come
   * from.
   */
  readonly input: string | null
  /** JSON of the output of a span of another recorder; `null` for spans of Trace2. */
  readonly output: string | null
  /** What the output's JSON says. */
  readonly value: Json
}

const speaking: ReadonlySet<string | null> = new Set(['llm', 'tool', 'retriever', 'agent'])

/** Texts that a span's output consists of, as they stand inside another span's JSON. `spoken.sql` has the same. */
export function spokenBy({ output, opKind, value }: SpanTexts): string[] {
  if (output === null || !speaking.has(opKind)) return []
  if (typeof value === 'string') return [output.slice(1, -1)]
  if (opKind === 'tool') return [output]
  const parts: Json[] = Array.isArray(value)
    ? value.flatMap((part) => [part, documentOf(part)])
    : [value]
  return parts
    .filter(isJsonObject)
    .filter((part) => Object.hasOwn(part, 'content'))
    .map(({ content }) => JSON.stringify(content).slice(1, -1))
}

function documentOf(part: Json): Json {
  return isJsonObject(part) && Object.hasOwn(part, 'document') ? (part.document ?? null) : null
}
