import { isJsonObject } from './parts.ts'
import { flatOrNull, type SpanTexts, typedJson } from './spoken.ts'

/** A call of a tool that a model asks for, as the rules of edges know it. */
export type AskedCall = {
  readonly span: string
  /** Id of the call, or an empty text. */
  readonly call: string
  readonly request: string
  readonly turn: string | null
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
}

/** What a tool is asked for: its name and the JSON of the arguments. */
export function requestOf(tool: string, argumentsJson: string | null): string | null {
  return argumentsJson === null ? null : `${tool} ${argumentsJson}`
}

/** The calls of tools that models ask for. `asked.sql` has the same. */
export function askedBy(texts: readonly SpanTexts[]): AskedCall[] {
  const calls = texts.flatMap(({ spanId, opKind, output, value, startNs }) => {
    if (opKind !== 'llm' || output === null) return []
    const said = Array.isArray(value) ? value : [value]
    return said.filter(isJsonObject).flatMap(({ tool_calls: listed }) => {
      if (!Array.isArray(listed)) return []
      return listed.filter(isJsonObject).flatMap(({ id, name, arguments: given }) => {
        if (typeof name !== 'string') return []
        return {
          span: spanId,
          call: typeof id === 'string' ? id : '',
          request: requestOf(name, JSON.stringify(given ?? null)) ?? '',
          startNs,
        }
      })
    })
  })
  const asked = new Map<string, Set<string>>()
  for (const { call, request } of calls) {
    if (call !== '') asked.set(call, (asked.get(call) ?? new Set()).add(request))
  }
  const turns = turnsOf(calls)
  return calls.map((one) => ({
    span: one.span,
    call: one.call,
    request: one.request,
    turn: turns.get(one) ?? null,
    once: !turns.has(one),
    shared: (asked.get(one.call)?.size ?? 0) > 1,
  }))
}

/** The calls that tools' spans execute. `done.sql` has the same. */
export function doneBy(texts: readonly SpanTexts[]): DoneCall[] {
  const spans = texts
    .filter(({ opKind }) => opKind === 'tool')
    .map(({ spanId, op, callId, input, startNs }) => {
      return { span: spanId, op, call: callId, input, request: requestOf(op, input), startNs }
    })
  const turns = turnsOf(spans)
  return spans.map((one) => ({
    span: one.span,
    name: one.op,
    call: one.call,
    input: flatOrNull(one.input),
    typed: flatOrNull(typedJson(one.input)),
    request: one.request,
    turn: turns.get(one) ?? null,
  }))
}

interface Requested {
  readonly span: string
  readonly call: string | null
  readonly request: string | null
  readonly startNs: string
}

/** Of requests that are there several times, which of how many each is, in the order of their starts. */
function turnsOf<Call extends Requested>(calls: readonly Call[]): Map<Call, string> {
  const same = new Map<string, Call[]>()
  for (const call of calls) {
    if (call.request === null) continue
    const beside = same.get(call.request)
    if (beside) beside.push(call)
    else same.set(call.request, [call])
  }
  const turns = new Map<Call, string>()
  for (const [request, list] of same) {
    if (list.length === 1) continue
    list.sort(
      (a, b) =>
        compare(BigInt(a.startNs), BigInt(b.startNs)) ||
        compare(a.span, b.span) ||
        compare(a.call ?? '', b.call ?? ''),
    )
    for (const [at, call] of list.entries()) turns.set(call, `${at + 1}/${list.length} ${request}`)
  }
  return turns
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
