import type { SpanRecord } from '../otlp/index.ts'
import { callerOf, type Place, promptOf } from '../prompt-names/index.ts'
import type { ParameterRow, SpanRows, UnnamedPrompt } from './rows.ts'

/** A prompt that a span has no name for. */
export interface FoundPrompt {
  readonly traceId: string
  readonly spanId: string
  readonly startNs: bigint
  readonly endNs: bigint
  readonly role: string
  /** Its name where nothing around the span gives one. */
  readonly name: string
  readonly version: string
  /** Agent or function that the span says it is part of. */
  readonly caller: string | null
  /** Its name before it is told apart from others of its caller; `null` while spans around it are missing. */
  readonly base: string | null
}

/** A span as far as it may name the prompts of what runs inside it. */
export interface SpanPlace extends Place {
  readonly parent: string | null
  /** Prompts that it has a name for, by version. */
  readonly named: ReadonlyMap<string, string> | undefined
}

export type Surroundings = (traceId: string, spanId: string) => SpanPlace | undefined

/** So many spans around a call are looked at. */
const MOST_AROUND = 100

/**
 * The name of a prompt by what is around its span: that of the same prompt where a span around it has one, else the
 * caller's.
 *
 * @param complete whether what is not there now will not come any more.
 * @returns `null` where it is still to come.
 */
export function baseOfPrompt(
  { traceId, spanId, role, name, version, caller }: Omit<FoundPrompt, 'base'>,
  surroundings: Surroundings,
  complete: boolean,
): string | null {
  const own = surroundings(traceId, spanId)
  let missing = false
  // An agent's prompt is its own; a model's is that of what calls it.
  let place = own?.opKind === 'agent' ? own : around(own)
  for (let passed = 0; place && passed < MOST_AROUND; place = around(place), passed++) {
    const same = place.named?.get(version)
    if (same !== undefined) return same
    const found = callerOf(place)
    if (found !== undefined) return caller === null ? promptOf(found, role) : name
  }
  return caller === null && missing && !complete ? null : name

  function around(inner: SpanPlace | undefined): SpanPlace | undefined {
    if (!inner || inner.parent === null) return undefined
    const outer = surroundings(traceId, inner.parent)
    missing = outer === undefined
    return outer
  }
}

/** The prompts of a span that have no names, before what is around it is known. */
export function unnamedIn(
  { traceId, spanId, startNs, endNs }: SpanRecord,
  rows: readonly UnnamedRow[],
): Omit<FoundPrompt, 'base'>[] {
  return rows.map(({ role, caller, row: { name, version } }) => ({
    ...{ traceId, spanId, startNs, endNs },
    ...{ role, name, version, caller },
  }))
}

interface UnnamedRow extends UnnamedPrompt {
  readonly row: ParameterRow
}

/** Takes the unnamed prompts out of the rows of a span. */
export function partUnnamed(rows: SpanRows): {
  readonly unnamed: readonly UnnamedRow[]
  readonly named: SpanRows
} {
  const unnamed = rows.unnamed.flatMap((prompt) => {
    const row = rows.parameters.find(({ name }) => name === prompt.name)
    return row ? [{ ...prompt, row }] : []
  })
  const left = new Set(unnamed.map(({ name }) => name))
  const named = {
    ...rows,
    parameters: rows.parameters.filter(({ name }) => !left.has(name)),
    uses: rows.uses.filter(({ name }) => !left.has(name)),
    inputs: rows.inputs.filter(({ parameter }) => parameter === null || !left.has(parameter)),
  }
  return { unnamed, named }
}

/** Spans of one transaction as surroundings of one another. They are put in order only where something is asked. */
export class SpanPlaces {
  readonly #records: {
    readonly traceId: string
    readonly spanId: string
    readonly place: SpanPlace
  }[] = []
  #bySpan: Map<string, SpanPlace> | undefined

  add(
    { traceId, spanId, parentSpanId }: SpanRecord,
    { span, parameters, unnamed }: SpanRows,
  ): void {
    const { op, opKind, kind, dialect } = span
    const named =
      dialect === 'trace2' || unnamed.length > 0 || parameters.length === 0
        ? undefined
        : new Map(parameters.map(({ version, name }) => [version, name]))
    const place = { op, opKind, kind, parent: parentSpanId ?? null, named }
    this.#records.push({ traceId, spanId, place })
  }

  readonly find: Surroundings = (traceId, spanId) => {
    this.#bySpan ??= new Map(
      this.#records.map(({ traceId, spanId, place }) => [traceId + spanId, place]),
    )
    return this.#bySpan.get(traceId + spanId)
  }
}
