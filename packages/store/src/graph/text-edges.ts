import type { Json } from '@trace2/core'
import { nesting } from './ancestry.ts'
import type { NodeId } from './graph.ts'
import { isJsonObject, type PartialEdge } from './parts.ts'
import { WordSearch } from './word-search.ts'

/** What passing on of texts is told by. */
export interface SpanTexts {
  readonly id: NodeId
  readonly spanId: string
  readonly parent: string | null
  /** `llm`, `tool`, `agent`, `retriever` …, or `null` where nothing says. */
  readonly opKind: string | null
  /** Id of the tool call that the span executes. */
  readonly callId: string | null
  /** JSON of what a stranger's span was given and gave; `null` for our own, which say where their inputs come from. */
  readonly input: string | null
  readonly output: string | null
  /** What the output's JSON says. */
  readonly value: Json
}

/**
 * Edges of one trace by the texts that passed from span to span: a producer's words inside a consumer's input, a tool
 * call's id, or its arguments, on either side of a model call. `edge-text.sql` says the same of all traces at once.
 */
export function textEdgesOf(spans: readonly SpanTexts[]): PartialEdge[] {
  const said = new WordSearch<SpanTexts>()
  const results = new WordSearch<SpanTexts>()
  const calls = new WordSearch<SpanTexts>()
  for (const span of spans) {
    for (const words of spokenBy(span)) if (eightOrMore.test(words)) said.add(words, span)
    if (span.opKind !== 'tool') continue
    if (span.callId === null) {
      // Where nobody keeps call ids, by the arguments.
      if (span.input !== null && eightOrMore.test(span.input)) calls.add(span.input, span)
    } else if (fourOrMore.test(span.callId)) {
      results.add(span.callId, span)
      calls.add(span.callId, span)
    }
  }
  const nested = nesting(spans)
  const edges: PartialEdge[] = []
  const connect = (from: SpanTexts, to: SpanTexts, role: string) => {
    if (from.spanId === to.spanId || nested(from, to)) return
    edges.push({ from: from.id, to: to.id, role, pointer: '', how: 'text' })
  }
  for (const span of spans) {
    const model = span.opKind === 'llm'
    if (span.input !== null) {
      for (const from of said.in(span.input)) connect(from, span, 'input')
      if (model) for (const tool of results.in(span.input)) connect(tool, span, 'input')
    }
    if (span.output !== null && model) {
      for (const tool of calls.in(span.output)) connect(span, tool, 'arguments')
    }
  }
  return edges
}

// Characters, not halves of them.
const eightOrMore = /.{8}/su
const fourOrMore = /.{4}/su

const speaking: ReadonlySet<string | null> = new Set(['llm', 'tool', 'retriever', 'agent'])

/** Texts that a span's output consists of, as they stand inside another span's JSON. */
function spokenBy({ output, opKind, value }: SpanTexts): string[] {
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
