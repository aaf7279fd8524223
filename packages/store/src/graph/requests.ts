import { isJsonObject } from './parts.ts'
import { flatOrNull, type SpanTexts, typedJson } from './spoken.ts'

/** A call of a tool that a model asks for, as the rules of edges know it. */
export type AskedCall = {
  readonly span: string
  /** Id of the call, or an empty text. */
  readonly call: string
  readonly request: string
  readonly turn: string | null
  readonly beside: string | null
  readonly once: boolean
  readonly shared: boolean
}

/** A span of a tool, as the rules of edges know it. */
export type DoneCall = {
  readonly span: string
  readonly name: string
  readonly call: string | null
  readonly input: string | null
  readonly typed: string | null
  readonly request: string | null
  readonly turn: string | null
  readonly beside: string | null
}

/** What a tool is asked for: its name and the JSON of the arguments. */
export function requestOf(tool: string, argumentsJson: string | null): string | null {
  return argumentsJson === null ? null : `${tool} ${argumentsJson}`
}

/** The calls of tools that models ask for; what one response asks for, once. `asked.sql` has the same. */
export function askedBy(texts: readonly SpanTexts[]): AskedCall[] {
  const calls = toldOnce(texts).flatMap(({ spanId, parent, opKind, output, value, startNs }) => {
    if (opKind !== 'llm' || output === null) return []
    const said = Array.isArray(value) ? value : [value]
    return said.filter(isJsonObject).flatMap(({ tool_calls: listed }) => {
      if (!Array.isArray(listed)) return []
      return listed.filter(isJsonObject).flatMap(({ id, name, arguments: given }) => {
        if (typeof name !== 'string') return []
        return {
          span: spanId,
          parent,
          call: typeof id === 'string' ? id : '',
          request: requestOf(name, JSON.stringify(given ?? null)) ?? '',
          startNs,
        }
      })
    })
  })
  const asked = new Map<string, number>()
  for (const { call } of calls) if (call !== '') asked.set(call, (asked.get(call) ?? 0) + 1)
  const turns = turnsOf(calls, ({ request }) => request)
  const beside = turnsOf(calls, besideOf)
  return calls.map((one) => ({
    span: one.span,
    call: one.call,
    request: one.request,
    turn: several(turns.get(one)),
    beside: beside.get(one)?.text ?? null,
    once: turns.get(one)?.of === 1,
    shared: (asked.get(one.call) ?? 0) > 1,
  }))
}

/** Model calls, those with the same response once: best the one that says what was asked. */
function toldOnce(texts: readonly SpanTexts[]): SpanTexts[] {
  const models = texts.filter(({ opKind, output }) => opKind === 'llm' && output !== null)
  const first = new Map<string, SpanTexts>()
  for (const one of models) {
    if (one.callId === null) continue
    const other = first.get(one.callId)
    if (!other || isBetter(one, other)) first.set(one.callId, one)
  }
  return models.filter((one) => one.callId === null || first.get(one.callId) === one)
}

function isBetter(one: SpanTexts, other: SpanTexts): boolean {
  if ((one.input === null) !== (other.input === null)) return one.input !== null
  const order = compare(BigInt(one.startNs), BigInt(other.startNs))
  return (order || compare(one.spanId, other.spanId)) < 0
}

/** The calls that tools' spans execute. `done.sql` has the same. */
export function doneBy(texts: readonly SpanTexts[]): DoneCall[] {
  const spans = texts
    .filter(({ opKind }) => opKind === 'tool')
    .map(({ spanId, parent, op, callId, input, startNs }) => {
      const request = requestOf(op, input)
      return { span: spanId, parent, op, call: callId, input, request, startNs }
    })
  const turns = turnsOf(spans, ({ request }) => request)
  const beside = turnsOf(spans, besideOf)
  return spans.map((one) => ({
    span: one.span,
    name: one.op,
    call: one.call,
    input: flatOrNull(one.input),
    typed: flatOrNull(typedJson(one.input)),
    request: one.request,
    turn: several(turns.get(one)),
    beside: beside.get(one)?.text ?? null,
  }))
}

interface Requested {
  readonly span: string
  readonly parent: string | null
  readonly call: string | null
  readonly request: string | null
  readonly startNs: string
}

/** The how manieth a call is, of how many. */
interface Turn {
  readonly text: string
  readonly of: number
}

function several(turn: Turn | undefined): string | null {
  return turn && turn.of > 1 ? turn.text : null
}

function besideOf({ parent, request }: Requested): string | null {
  return parent === null || request === null ? null : `${parent} ${request}`
}

/** Turns of the calls that have the same key, in the order of their starts. */
function turnsOf<Call extends Requested>(
  calls: readonly Call[],
  keyOf: (call: Call) => string | null,
): Map<Call, Turn> {
  const same = new Map<string, Call[]>()
  for (const call of calls) {
    const key = keyOf(call)
    if (key === null) continue
    const others = same.get(key)
    if (others) others.push(call)
    else same.set(key, [call])
  }
  const turns = new Map<Call, Turn>()
  for (const [key, list] of same) {
    if (list.length > 1) list.sort(byStart)
    for (const [at, call] of list.entries()) {
      turns.set(call, { text: `${at + 1}/${list.length} ${key}`, of: list.length })
    }
  }
  return turns
}

function byStart(a: Requested, b: Requested): number {
  return (
    compare(BigInt(a.startNs), BigInt(b.startNs)) ||
    compare(a.span, b.span) ||
    compare(a.call ?? '', b.call ?? '')
  )
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
