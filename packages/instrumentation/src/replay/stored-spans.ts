import type { Json } from '@trace2/core'
import {
  ATTR_EXCEPTION_MEMBERS,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_INPUT_FIDELITY,
  ATTR_INPUT_VALUE,
  ATTR_INPUTS,
  ATTR_KIND,
  ATTR_OP,
  ATTR_OP_ORDER,
  ATTR_OP_SIDE_EFFECTS,
  ATTR_OP_SOURCE_HASH,
  ATTR_OP_VOLATILE,
  ATTR_OPENINFERENCE_KIND,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_REDACTED,
  PREFIX_INPUT_HASH,
  PREFIX_PARAM_VERSION,
  parseInput,
  parseParameterKey,
  valueHash,
} from '@trace2/core'
import {
  inputKey,
  type RecordedCall,
  type RecordedError,
  type RecordedInputValue,
  type RecordedOutcome,
  type RecordedRun,
} from '../answering/index.ts'
import { answerIn, requestInputs } from './stored-model-call.ts'
import { outputOf, textAt } from './stored-output.ts'

/** A stored span of the trace of a run. */
export interface StoredSpan {
  readonly name: string
  readonly spanId: string
  readonly parentSpanId: string | null
  /** Nanoseconds since the epoch. */
  readonly startNs: bigint
  readonly endNs: bigint
  readonly attributes: { readonly [name: string]: unknown }
  readonly events: readonly {
    readonly name: string
    readonly attributes: { readonly [name: string]: unknown }
  }[]
  readonly isError: boolean
  /** Attributes that were lost before they came to the store. */
  readonly droppedAttributes: number
  /** Anything that spans of one process have in common: its resource. */
  readonly process: string
  readonly costUsd: number | null
  readonly tokens: number
}

/**
 * Reads what a replay needs from the spans of a trace.
 *
 * @param root the span of the run. If the run is inside of a larger trace, only the spans inside of the run count.
 */
export function recordedRunOf(
  run: string,
  spans: readonly StoredSpan[],
  root: string,
): RecordedRun {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const isPart = partOf(spans, root)
  const process = byId.get(root)?.process
  const isLocal = (span: StoredSpan) => span.process === process
  const operators = spans.filter((span) => isOperator(span) && isPart(span))
  operators.sort(
    (a, b) =>
      Number(isLocal(b)) - Number(isLocal(a)) ||
      order(a, b) ||
      compare(a.startNs, b.startNs) ||
      compare(a.endNs, b.endNs),
  )
  const places = new Map(operators.map(({ spanId }, index) => [spanId, index]))
  /** Ids come from strangers: a chain of parents ends at the root, and goes in no circle below it. */
  const parentOf = ({ spanId, parentSpanId }: StoredSpan): number | null => {
    if (spanId === root) return null
    for (let id = parentSpanId; id !== null; id = byId.get(id)?.parentSpanId ?? null) {
      const place = places.get(id)
      if (place !== undefined || id === root) return place ?? null
    }
    return null
  }
  const rootPlace = places.get(root) ?? null
  const outside = spans.filter((span) => {
    if (!isPart(span) || !isForeignStep(span)) return false
    const around = parentOf(span)
    return around === null || around === rootPlace
  })
  return {
    run,
    root: rootPlace,
    ...(outside.length > 0 && { outside: namesOf(outside) }),
    calls: operators.map((span) => ({
      ...callOf(span, parentOf(span), isLocal(span)),
      sources: sourcesOf(span, places),
    })),
  }
}

function isOperator({ attributes }: StoredSpan): boolean {
  const kind = attributes[ATTR_KIND]
  return kind === 'run' || kind === 'op'
}

/** A call of a model or a tool that is no operator. */
function isForeignStep(span: StoredSpan): boolean {
  const kind = textAt(span.attributes, ATTR_OPENINFERENCE_KIND) ?? ''
  const isStep = foreignKinds.has(kind) || span.attributes['gen_ai.operation.name'] !== undefined
  return isStep && !isOperator(span) && span.attributes[ATTR_KIND] === undefined
}

const foreignKinds: ReadonlySet<string> = new Set(['LLM', 'EMBEDDING', 'TOOL', 'RETRIEVER'])

function namesOf(spans: readonly StoredSpan[]): { name: string; calls: number }[] {
  const calls = new Map<string, number>()
  for (const { name } of spans) calls.set(name, (calls.get(name) ?? 0) + 1)
  return [...calls].map(([name, count]) => ({ name, calls: count }))
}

function order(a: StoredSpan, b: StoredSpan): number {
  const [first, second] = [a.attributes[ATTR_OP_ORDER], b.attributes[ATTR_OP_ORDER]]
  return first === undefined || second === undefined ? 0 : Number(first) - Number(second)
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether a span is the root or inside of it. */
function partOf(spans: readonly StoredSpan[], root: string): (span: StoredSpan) => boolean {
  const children = new Map<string, StoredSpan[]>()
  for (const span of spans) {
    const { parentSpanId } = span
    if (parentSpanId === null) continue
    const siblings = children.get(parentSpanId)
    if (siblings) siblings.push(span)
    else children.set(parentSpanId, [span])
  }
  const inside = new Set([root])
  // A set goes on with what is added to it on the way.
  for (const id of inside) for (const { spanId } of children.get(id) ?? []) inside.add(spanId)
  return ({ spanId }) => inside.has(spanId)
}

function sourcesOf(
  { spanId, attributes }: StoredSpan,
  places: ReadonlyMap<string, number>,
): RecordedCall['sources'] {
  return textsAt(attributes, ATTR_INPUTS).flatMap((entry) => {
    const origin = parseInput(entry)?.origin
    if (origin?.kind !== 'span' || origin.spanId === spanId) return []
    const place = places.get(origin.spanId)
    return place === undefined ? [] : [[place, origin.pointer] as const]
  })
}

function callOf(
  span: StoredSpan,
  parent: number | null,
  isLocal: boolean,
): Omit<RecordedCall, 'sources'> {
  const { attributes, costUsd, tokens } = span
  const effects = attributes[ATTR_OP_SIDE_EFFECTS]
  const form = textAt(attributes, ATTR_OUTPUT_FORM)
  // A recorder that says in which order it was asked says of each output that is no plain value what it is.
  const tells = attributes[ATTR_OP_ORDER] !== undefined
  return {
    id: span.spanId,
    op: textAt(attributes, ATTR_OP) ?? '',
    source: textAt(attributes, ATTR_OP_SOURCE_HASH) ?? null,
    parent,
    isLocal,
    inputs: inputsOf(span),
    parameters: parametersOf(attributes),
    form: form ?? (tells ? 'value' : null),
    ...(isModelCall(span) ? modelOutcomeOf(span) : { outcome: outcomeOf(span) }),
    hasEffects:
      typeof effects === 'boolean' ? effects : attributes[ATTR_OPENINFERENCE_KIND] === 'TOOL',
    volatile: textsAt(attributes, ATTR_OP_VOLATILE),
    costUsd,
    tokens,
  }
}

/** Whether a span is a model call that the instrumentation of a client has made. */
function isModelCall({ attributes }: Pick<StoredSpan, 'attributes'>): boolean {
  return textAt(attributes, ATTR_OP)?.startsWith('openai.') === true
}

function parametersOf(attributes: StoredSpan['attributes']): [string, string][] {
  const found: [string, string][] = []
  for (const [key, version] of Object.entries(attributes)) {
    if (!key.startsWith(PREFIX_PARAM_VERSION) || typeof version !== 'string') continue
    const name = parseParameterKey(key.slice(PREFIX_PARAM_VERSION.length))?.name
    if (name !== undefined) found.push([name, version])
  }
  return found
}

function inputsOf({ attributes, droppedAttributes }: StoredSpan): RecordedInputValue[] {
  const values = inputValues(attributes)
  const fidelities = new Map(textsAt(attributes, ATTR_INPUT_FIDELITY).map(fidelityOf))
  const fromParameters = new Map(
    textsAt(attributes, ATTR_INPUTS).flatMap((entry) => {
      const input = parseInput(entry)
      return input?.origin.kind === 'parameter' ? [[input.role, input.origin.name] as const] : []
    }),
  )
  const hashes = new Map(
    Object.entries(attributes).flatMap(([key, hash]) =>
      key.startsWith(PREFIX_INPUT_HASH)
        ? [[key.slice(PREFIX_INPUT_HASH.length), String(hash)]]
        : [],
    ),
  )
  const isRedacted = textsAt(attributes, ATTR_REDACTED).includes('input')
  const isLost = values === undefined || droppedAttributes > 0
  const roles = new Set([...Object.keys(values ?? {}), ...hashes.keys(), ...fidelities.keys()])
  const inputs = [...roles].map((role): RecordedInputValue => {
    const shown = values && Object.hasOwn(values, role) ? values[role] : undefined
    const hash = hashes.get(role) ?? (shown === undefined ? undefined : valueHash(shown))
    return {
      role,
      key: isLost || isRedacted ? null : inputKey(fidelities.get(role) ?? 'exact', hash),
      shown: shown ?? null,
      isParameter: fromParameters.has(role),
      from: fromParameters.get(role) ?? null,
    }
  })
  if (isLost) {
    return [...inputs, { role: '…', key: null, shown: null, isParameter: false, from: null }]
  }
  return isModelCall({ attributes }) ? [...inputs, ...requestInputs(attributes, inputs)] : inputs
}

/** `undefined` where they are no JSON object, because something has cut the text. */
function inputValues(
  attributes: StoredSpan['attributes'],
): { readonly [role: string]: Json } | undefined {
  const text = attributes[ATTR_INPUT_VALUE]
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(String(text))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [role: string]: Json })
      : undefined
  } catch {
    return undefined
  }
}

function fidelityOf(entry: string): [role: string, fidelity: string] {
  const equals = entry.indexOf('=')
  return [entry.slice(equals + 1), entry.slice(0, equals)]
}

function textsAt(attributes: StoredSpan['attributes'], key: string): readonly string[] {
  const list = attributes[key]
  return Array.isArray(list) ? list.map(String) : []
}

/** A model call is given again from what its endpoint had answered, and not from the output that its span shows. */
function modelOutcomeOf(span: StoredSpan): Pick<RecordedCall, 'outcome' | 'answer'> {
  if (span.droppedAttributes > 0) return { outcome: outcomeOf(span) }
  const answer = answerIn(span.attributes)
  if (typeof answer !== 'string') return { outcome: { kind: 'value' }, answer }
  const outcome = span.isError ? outcomeOf({ ...span, attributes: {} }) : undefined
  return { outcome: outcome ?? { kind: 'lost', reason: answer } }
}

function outcomeOf(span: StoredSpan): RecordedOutcome {
  const { attributes, droppedAttributes } = span
  const redacted = new Set(textsAt(attributes, ATTR_REDACTED))
  if (droppedAttributes > 0) return { kind: 'lost', reason: 'attributes of its span were dropped' }
  if (!span.isError) {
    if (redacted.has('output')) return { kind: 'lost', reason: 'its output was redacted' }
    return outputOf(attributes)
  }
  if (redacted.has('error')) return { kind: 'lost', reason: 'its error was redacted' }
  if (attributes[ATTR_OUTPUT_FIDELITY] === 'masked') {
    return { kind: 'lost', reason: 'its error was masked, withheld or cut' }
  }
  const error = errorOf(span)
  if (!error) return { kind: 'lost', reason: 'the span does not say how it failed' }
  const isStream = textAt(attributes, ATTR_OUTPUT_FORM)?.match(/generator|iterable/)
  if (!isStream) return error
  const came = outputOf(attributes)
  if (came.kind === 'lost') return came
  return came.value === undefined ? error : { ...error, came: { ...came, isUnfinished: false } }
}

/** The last exception is the one that ended the span. */
function errorOf({ events }: StoredSpan): RecordedError | undefined {
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes
  const type = exception && textAt(exception, ATTR_EXCEPTION_TYPE)
  if (!exception || type === undefined) return undefined
  return {
    kind: 'error',
    type,
    message: textAt(exception, ATTR_EXCEPTION_MESSAGE) ?? '',
    members: membersOf(textAt(exception, ATTR_EXCEPTION_MEMBERS)),
  }
}

function membersOf(text: string | undefined): RecordedError['members'] {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]),
      ),
    )
  } catch {
    return {}
  }
}
