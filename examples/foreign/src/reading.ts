import type { Exchange } from '../model/server.mjs'
import { type Expected, expectedOf, type Step } from './expected.ts'
import type { Recorded, RecordedSpan } from './recorded.ts'

/** How much of what a program did is in the store. */
export interface Reading {
  readonly modelCalls: Share
  /** Calls of tools that have a span. */
  readonly toolCalls: Share
  /** Steps from one call of the model to another, through the tool where it has a span. */
  readonly edges: Share
  readonly prompts: Share
  /** Names of the parameters that hold the prompts. */
  readonly promptNames: readonly string[]
  /** Names of parameters that are no prompt that the model was told, and no description of a tool. */
  readonly otherNames: readonly string[]
  readonly tools: Share
  readonly session: State
  readonly user: State
  readonly tokens: Share
  readonly cached: State
  readonly reasoning: State
}

export interface Share {
  readonly found: number
  readonly of: number
  /** What is missing, in words. */
  readonly missing: readonly string[]
  /** Whether what is missing was sent. */
  readonly sent: boolean
}

/** `not read` is a fault of ours, `not sent` is none. */
export type State = 'read' | 'not read' | 'not sent'

export function readingOf(exchanges: readonly Exchange[], recorded: Recorded): Reading {
  const expected = expectedOf(exchanges)
  const calls = modelCallsOf(recorded)
  const values = new Map(
    [...recorded.parameters].map(([name, versions]) => [name, versions.map(spaced)]),
  )
  const prompts = new Set(expected.prompts.map(spaced))
  const descriptions = new Set([...expected.tools.values()].map(spaced))
  const names = [...values.keys()].sort()
  const { sent } = recorded
  return {
    modelCalls: share(
      expected.modelCalls,
      Math.min(calls.length, expected.modelCalls),
      calls.length === expected.modelCalls ? [] : [`${calls.length} spans of model calls`],
      false,
    ),
    toolCalls: toolCallsOf(expected, recorded),
    edges: edgesOf(expected, calls, recorded),
    prompts: texts(expected.prompts, values, sent),
    promptNames: names.filter((name) => values.get(name)?.some((value) => prompts.has(value))),
    otherNames: names.filter((name) =>
      values.get(name)?.every((value) => !prompts.has(value) && !descriptions.has(value)),
    ),
    tools: texts([...expected.tools.values()], values, sent),
    session: idState('session-42', 'session', recorded),
    user: idState('user-7', 'user_id', recorded),
    tokens: tokensOf(expected, calls, recorded),
    cached: countState(/cache/i, 'cache_read_tokens', calls, recorded),
    reasoning: countState(/reasoning|thoughts/i, 'reasoning_tokens', calls, recorded),
  }
}

/**
 * The calls of models. A client that records itself does so inside the span of the instrumentation around it, or beside that:
 * the graph has the call once.
 */
function modelCallsOf({ spans, graphs }: Recorded): RecordedSpan[] {
  const inGraphs = new Set(graphs.flatMap(({ nodes }) => nodes.map(({ id }) => String(id))))
  const shown = spans.filter(({ kind, node }) => kind === 'llm' && inGraphs.has(node))
  const models = new Set(shown.map(({ node }) => node))
  return shown.filter(({ parent }) => !models.has(parent))
}

/** A call with those that are recorded inside it, of which one may have what was said. */
function withInner({ node }: RecordedSpan, { spans }: Recorded): RecordedSpan[] {
  return spans.filter((span) => span.kind === 'llm' && [span.node, span.parent].includes(node))
}

/** Calls with numbers of tokens, on their own span or on one inside it. Of a call without a span, nothing was sent. */
function tokensOf({ modelCalls }: Expected, calls: readonly RecordedSpan[], recorded: Recorded) {
  const counted = new Set(
    recorded.spans
      .filter(({ columns }) => Number(columns.get('output_tokens')) > 0)
      .flatMap(({ node, parent }) => [node, parent]),
  )
  const [read, unread] = [true, false].map((is) =>
    calls.filter(({ node }) => counted.has(node) === is),
  )
  const sent = unread?.some((call) => isCounted(withInner(call, recorded), /tokens?$|usage/i))
  return share(modelCalls, read?.length ?? 0, [], sent ?? false)
}

/** Whether one of these spans says a number of such a name. */
function isCounted(spans: readonly RecordedSpan[], name: RegExp): boolean {
  return spans.some(({ columns }) =>
    hasCount([columns.get('attributes'), columns.get('events')], name),
  )
}

function share(of: number, found: number, missing: readonly string[], sent: boolean): Share {
  return { found, of, missing, sent }
}

function spaced(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : JSON.stringify(value)
}

function texts(
  wanted: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
  sent: string,
): Share {
  const known = new Set([...values.values()].flat())
  const missing = wanted.filter((text) => !known.has(spaced(text)))
  const sentMissing = missing.some((text) => sent.includes(inJson(text)))
  return share(wanted.length, wanted.length - missing.length, missing, sentMissing)
}

/** A beginning of a text that stands in JSON as it is, however often that is escaped. */
function inJson(text: string): string {
  return text.split(/["\\\n]/)[0] ?? text
}

function toolCallsOf({ steps }: Expected, { spans }: Recorded): Share {
  const wanted = steps.flatMap(({ tool }) => (tool === null ? [] : [tool]))
  const ran = spans.filter(({ kind }) => kind === 'tool').map(({ op }) => op)
  const missing = wanted.filter((tool) => {
    const at = ran.findIndex((op) => op.includes(tool))
    if (at === -1) return true
    ran.splice(at, 1)
    return false
  })
  return share(wanted.length, wanted.length - missing.length, missing, false)
}

function edgesOf({ steps }: Expected, calls: readonly RecordedSpan[], recorded: Recorded): Share {
  const used = new Set<string>()
  const missing = steps.filter((step) => {
    const [from, to] = [calls[step.from], calls[step.to]]
    if (!from || !to) return true
    const tool = toolSpanOf(step, from, to, recorded, used)
    const [asking, told] = [withInner(from, recorded), withInner(to, recorded)]
    if (tool === undefined) return !reaches(asking, told, recorded)
    used.add(tool.node)
    return !reaches(asking, [tool], recorded) || !reaches([tool], told, recorded)
  })
  return share(
    steps.length,
    steps.length - missing.length,
    missing.map(
      ({ from, tool, to }) => `model call ${from + 1} → ${tool ?? 'text'} → model call ${to + 1}`,
    ),
    missing.some((step) => isSent(step, calls)),
  )
}

/**
 * Whether two calls are in one trace, the first with what it asked for or said and the other with what it was told, so that an edge
 * could be seen. What the first was told as well, from earlier in the conversation, tells nothing of the step.
 */
function isSent({ from, to, said, told, answer }: Step, calls: readonly RecordedSpan[]): boolean {
  const [first, second] = [calls[from], calls[to]]
  if (!first || !second || traceOf(first) !== traceOf(second)) return false
  const asked = plainJson(first.columns)
  if (!asked.includes(plainText(said))) return false
  const before = asked.replaceAll(plainText(said), '')
  const heard = plainJson(second.columns).replaceAll(plainText(answer), '')
  return [said, ...told]
    .map(plainText)
    .some((text) => /\w/.test(text) && timesIn(heard, text) > timesIn(before, text))
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1
}

function traceOf({ columns }: RecordedSpan): unknown {
  return columns.get('trace_id')
}

/** Attributes and events without the marks of JSON and of Python's literals, however often they were escaped. */
function plainJson(columns: RecordedSpan['columns']): string {
  return plainText(
    JSON.stringify([columns.get('attributes'), columns.get('events'), columns.get('output')]),
  )
}

function plainText(text: string): string {
  return text.replaceAll(/[\\"'\s]/g, '')
}

function toolSpanOf(
  { tool }: Step,
  from: RecordedSpan,
  to: RecordedSpan,
  { spans }: Recorded,
  used: ReadonlySet<string>,
): RecordedSpan | undefined {
  return spans.find(
    ({ kind, op, node, startNs }) =>
      tool !== null &&
      kind === 'tool' &&
      op.includes(tool) &&
      !used.has(node) &&
      startNs >= from.startNs &&
      startNs <= to.startNs,
  )
}

/** Whether data went from one span to another, through nothing but steps that are neither models nor tools. */
function reaches(
  from: readonly RecordedSpan[],
  to: readonly RecordedSpan[],
  { graphs, spans }: Recorded,
): boolean {
  const ends = new Set(to.map(({ node }) => node))
  const stops = new Set(
    spans.filter(({ kind }) => kind === 'llm' || kind === 'tool').map(({ node }) => node),
  )
  const edges = graphs.flatMap((graph) => graph.edges).filter(({ how }) => how !== 'contains')
  const open = from.map(({ node }) => node)
  const seen = new Set(open)
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const edge of edges) {
      if (edge.from !== node || seen.has(edge.to)) continue
      if (ends.has(edge.to)) return true
      seen.add(edge.to)
      if (!stops.has(edge.to) && edge.to.startsWith('span:')) open.push(edge.to)
    }
  }
  return false
}

function idState(value: string, column: string, { spans, sent }: Recorded): State {
  if (spans.some(({ columns }) => columns.get(column) === value)) return 'read'
  return sent.includes(value) ? 'not read' : 'not sent'
}

/** Of tokens of calls. What stands in another trace than a call is not sent of it: nothing says of which call it is. */
function countState(
  name: RegExp,
  column: string,
  calls: readonly RecordedSpan[],
  { spans }: Recorded,
): State {
  if (spans.some(({ columns }) => Number(columns.get(column)) > 0)) return 'read'
  const traces = new Set(calls.map(traceOf))
  return isCounted(
    spans.filter((span) => traces.has(traceOf(span))),
    name,
  )
    ? 'not read'
    : 'not sent'
}

/** Whether an attribute of such a name is a number above 0. */
function hasCount(value: unknown, key: RegExp): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  return [...text.matchAll(/\\*"([\w.-]+)\\*":\s*([1-9]\d*)/g)].some(([, name]) =>
    key.test(name ?? ''),
  )
}
