import type { SpanRecord } from '../../../otlp/index.ts'
import {
  baseOfPrompt,
  type FeedbackRow,
  type FoundPrompt,
  type ParameterRow,
  partUnnamed,
  SpanPlaces,
  type SpanRows,
  unnamedIn,
} from '../../../reading/index.ts'
import { type ColumnKind, type RowBlock, type RowBuffer, rowBuffer } from '../bulk/index.ts'
import { parameterUseTable, rowWriter, spanTable } from '../tables/index.ts'
import { ContentCollector } from './content.ts'
import { FreeBlocks } from './free-blocks.ts'
import { spanSource } from './span-rows.ts'
import { addTime, type TraceTime } from './trace-times.ts'
import { type TrialMark, trialMark } from './trial-traces.ts'

/** The columns of the tables that every span has rows in. */
export interface SpanLayout {
  readonly span: readonly ColumnKind[]
  readonly use: readonly ColumnKind[]
}

/** Spans as they go into the tables, with all that is derived from them; another thread can have it. */
export interface Collected {
  readonly count: number
  readonly spans: readonly RowBlock[]
  readonly uses: readonly RowBlock[]
  /** Long texts by their hashes. */
  readonly texts: ReadonlyMap<string, string>
  /** Versions of parameters by `name@version`. */
  readonly parameters: ReadonlyMap<string, ParameterRow & { readonly firstSeenNs: bigint }>
  readonly feedback: readonly (FeedbackRow & { readonly createdNs: bigint })[]
  /** Prompts that are to be named. */
  readonly prompts: readonly FoundPrompt[]
  /** JSON of their values by version. */
  readonly values: ReadonlyMap<string, string>
  readonly times: ReadonlyMap<string, TraceTime>
  /** What the resources of the spans say of their traces. */
  readonly trials: ReadonlyMap<string, TrialMark>
  /** Numbers of the spans of which nothing could be read, by why. */
  readonly failures: ReadonlyMap<string, number>
}

const writeSpan = rowWriter(spanTable)
const writeUse = rowWriter(parameterUseTable)

/** Bytes of blocks that are kept for the next ones, where nobody says how many. */
const KEPT_BYTES = 32 << 20

/**
 * Lays spans out as the tables have them, a transaction after the other; nothing here keeps the spans. Writing has its
 * blocks' memory back when it is done with them.
 */
export class SpanCollector {
  readonly #free: FreeBlocks<'spans' | 'uses'>
  readonly #span: RowBuffer
  readonly #use: RowBuffer
  #batch = emptyBatch()

  /** @param keptBytes of blocks that are kept for the next ones. */
  constructor(layout: SpanLayout, keptBytes = KEPT_BYTES) {
    this.#free = new FreeBlocks(keptBytes)
    const taking = (table: 'spans' | 'uses') => (block: RowBlock) => {
      this.#batch[table].push(block)
      return this.#free.take(table)
    }
    this.#span = rowBuffer(layout.span, taking('spans'))
    this.#use = rowBuffer(layout.use, taking('uses'))
  }

  add(record: SpanRecord, found: SpanRows, receivedNs: bigint): void {
    const { startNs } = record
    const batch = this.#batch
    batch.places.add(record, found)
    const rows = found.unnamed.length === 0 ? found : this.#withoutUnnamed(record, found)
    batch.count++
    writeSpan(this.#span, spanSource(record, rows, batch.content, receivedNs))
    for (const use of rows.uses) writeUse(this.#use, { record, use })
    for (const row of rows.parameters) {
      const key = `${row.name}@${row.version}`
      if (!batch.parameters.has(key)) batch.parameters.set(key, { ...row, firstSeenNs: startNs })
    }
    for (const row of rows.feedback) batch.feedback.push({ ...row, createdNs: startNs })
    addTime(batch.times, record)
    const mark = trialMark(record.resource)
    if (mark) batch.trials.set(record.traceId, mark)
    if (found.failure) {
      const why = String(found.failure)
      batch.failures.set(why, 1 + (batch.failures.get(why) ?? 0))
    }
  }

  #withoutUnnamed(record: SpanRecord, rows: SpanRows): SpanRows {
    const { unnamed, named } = partUnnamed(rows)
    const { prompts, values } = this.#batch
    for (const prompt of unnamedIn(record, unnamed)) prompts.push(prompt)
    for (const { row } of unnamed) values.set(row.version, row.value)
    return named
  }

  /** What has been added since the last end. */
  end(): Collected {
    this.#span.flush()
    this.#use.flush()
    const { content, places, prompts, ...batch } = this.#batch
    this.#batch = emptyBatch()
    const found = prompts.map((prompt) => ({
      ...prompt,
      base: baseOfPrompt(prompt, places.find, false),
    }))
    return { ...batch, prompts: found, texts: content.texts }
  }

  /** Forgets what has been added since the last end. */
  discard(): void {
    this.#span.clear()
    this.#use.clear()
    this.giveBack(this.#batch)
    this.#batch = emptyBatch()
  }

  /** To be called when the blocks are not needed any more. */
  giveBack({ spans, uses }: Pick<Collected, 'spans' | 'uses'>): void {
    this.#free.add('spans', spans)
    this.#free.add('uses', uses)
  }

  /** Gives up the memory that is kept for blocks. */
  rest(): void {
    this.#free.clear()
  }
}

function emptyBatch() {
  return {
    count: 0,
    spans: [] as RowBlock[],
    uses: [] as RowBlock[],
    content: new ContentCollector(),
    parameters: new Map<string, ParameterRow & { firstSeenNs: bigint }>(),
    feedback: [] as (FeedbackRow & { createdNs: bigint })[],
    places: new SpanPlaces(),
    prompts: [] as Omit<FoundPrompt, 'base'>[],
    values: new Map<string, string>(),
    times: new Map<string, TraceTime>(),
    trials: new Map<string, TrialMark>(),
    failures: new Map<string, number>(),
  }
}
