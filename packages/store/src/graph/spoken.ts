import type { Json } from '@trace2/core'
import { isJsonObject } from './parts.ts'

/** Texts of a span, by which a passing on is found in foreign traces. Spans of our own are read without them. */
export interface SpanTexts {
  readonly spanId: string
  readonly parent: string | null
  /** Stable operator name. */
  readonly op: string
  /** `llm`, `tool`, `agent`, `retriever` …, or `null` where nothing says. */
  readonly opKind: string | null
  /** Id of the tool call that the span executes. */
  readonly callId: string | null
  /** Digits: nanoseconds since 1970. */
  readonly startNs: string
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

const speaking: ReadonlySet<string | null> = new Set(['llm', 'tool', 'retriever', 'agent', 'chain'])
/** What a chain gives is what it was given and more: shorter texts of it say nothing of where they are from. */
const LONG = /.{20}/su
/** What Python prints of an object is nobody's words, and often cut. */
const PRINTED = /^[A-Za-z_][\w.]*\([A-Za-z_]\w*=/

/**
 * Texts that spans' outputs consist of, as they stand inside another span's JSON, and as they stand where that JSON is a text
 * inside of other JSON. `spoken.sql` has the same.
 */
export function spokenIn(
  texts: readonly SpanTexts[],
): { readonly span: string; readonly words: string }[] {
  const found = texts.map((of) => ({ of, words: saidBy(of).map(flatTrimmed) }))
  // What runs in a chain says by itself what the chain gives of it.
  const inside = new Map<string, Set<string>>()
  for (const { of, words } of found) {
    if (of.parent === null || words.length === 0) continue
    const said = inside.get(of.parent) ?? new Set()
    inside.set(of.parent, said)
    for (const text of words) said.add(text)
  }
  return found.flatMap(({ of: { spanId, opKind, input }, words }) => {
    const said = opKind === 'chain' ? inside.get(spanId) : undefined
    // What a chain was given itself, it only hands on: the words come from where it has them.
    const given = opKind === 'chain' && input !== null ? flatText(input) : undefined
    return words
      .filter((text) => !said?.has(text) && !given?.includes(text))
      .flatMap((text) => (text.includes('\\') ? [text, JSON.stringify(text).slice(1, -1)] : [text]))
      .map((text) => ({ span: spanId, words: text }))
  })
}

function flatTrimmed(words: string): string {
  return flatText(words).replace(/^ | $/g, '')
}

/**
 * JSON text with each row of spaces and of escaped line breaks and tabs as one space: texts are wrapped and indented where they are
 * passed on. `flat_text` in macros.sql is the same.
 */
export function flatText(json: string): string {
  return json.replace(/(?:\\{1,8}[nrt]| )+/g, ' ')
}

export function flatOrNull(json: string | null): string | null {
  return json === null ? null : flatText(json)
}

function saidBy({ output, opKind, value }: SpanTexts): string[] {
  if (output === null || !speaking.has(opKind)) return []
  if (opKind === 'chain') return longTexts(value)
  if (typeof value === 'string') return [output.slice(1, -1)]
  if (opKind === 'tool') return [output, typedJson(output) ?? output]
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

/** The text that a chain gives, or those in what it gives, however deep. */
function longTexts(value: Json): string[] {
  const found: string[] = []
  // What is added meanwhile is looked at too.
  const left: Json[] = [value]
  for (const each of left) {
    if (typeof each === 'string') {
      if (LONG.test(each) && !PRINTED.test(each)) found.push(JSON.stringify(each).slice(1, -1))
    } else if (typeof each === 'object' && each !== null) {
      for (const member of Object.values(each)) left.push(member)
    }
  }
  return found
}

/**
 * A JSON object as a model or Python types it, with a space after each colon and comma between its members, as it stands inside
 * the JSON of a text. `null` of what is no object with members, or has control characters in them.
 */
export function typedJson(json: string | null): string | null {
  if (json === null || !json.startsWith('{') || json.includes('\\u00')) return null
  const value: unknown = JSON.parse(json)
  const members = Object.entries(Object(value)).map(
    ([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`,
  )
  return members.length === 0 ? null : JSON.stringify(`{${members.join(', ')}}`).slice(1, -1)
}

/** Model calls without those that only hold one: two instrumentations record the same call, one inside the other. */
export function withoutHolders(texts: readonly SpanTexts[]): readonly SpanTexts[] {
  const holders = new Set(
    texts.flatMap(({ opKind, parent, output }) =>
      opKind === 'llm' && parent !== null && output !== null ? [parent] : [],
    ),
  )
  return holders.size === 0
    ? texts
    : texts.filter(({ spanId, opKind }) => opKind !== 'llm' || !holders.has(spanId))
}
