import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { engineFor } from '../engines/index.ts'
import type { AnyValue, LogRecord } from '../otlp/index.ts'
import type { ExportedRecord, Store } from '../store.ts'

/** Table of what logs say of spans: with it, the spans are read again. */
const NOTES = 'span_note'

/** What {@link importExport} has brought. */
export interface ExportImport {
  /** Number of spans that were stored. */
  readonly accepted: number
  /** Number of spans that were skipped because they were stored already. */
  readonly duplicates: number
  /** Number of spans that the store did not take. */
  readonly rejected: number
  /** Number of records that were added, by their table. What was there already is not counted. */
  readonly records: { readonly [table: string]: number }
  /** Whether the export has records. One of a version before that has only the spans that an import can take. */
  readonly hasRecords: boolean
}

/** Tells whether a directory is one that an export wrote. */
export function isExport(directory: string): boolean {
  return ['v_span.parquet', 'v_span', 'records.parquet'].some((name) =>
    existsSync(join(directory, name)),
  )
}

/**
 * Imports a directory that {@link Store.exportParquet} wrote: spans, from which runs, graphs and the uses of parameters are
 * made anew, and everything that spans do not say: versions of parameters, feedback, proposals, deployments, model calls,
 * datasets, experiments with their trials, looks and verdicts. What is in the store already stays. When the spans were
 * received, and how far the store had come with its journal, are not brought.
 *
 * @throws {Trace2Error} `T2_IMPORT` if the directory cannot be read.
 */
export async function importExport(
  store: Store,
  directory: string,
  onProgress: (spans: number) => void = () => undefined,
): Promise<ExportImport> {
  const total = { accepted: 0, duplicates: 0, rejected: 0 }
  const records: Record<string, number> = {}
  const add = async (of: 'first' | 'last') => {
    for await (const { table, rows } of source.records()) {
      // What spans say again is newer than what was exported; feedback settles that by its time. Notes wait for spans.
      const comesLast = table === 'feedback' || table === NOTES
      if (comesLast !== (of === 'last')) continue
      if (table === NOTES) await store.writeLogs(rows.map(logOf))
      else records[table] = (records[table] ?? 0) + (await store.addRecords(table, rows))
    }
  }
  const source = await engineFor(store.location).readExport(directory)
  try {
    await add('first')
    for await (const spans of source.spans()) {
      const { accepted, duplicates } = await store.writeSpans(spans)
      total.accepted += accepted
      total.duplicates += duplicates
      total.rejected += spans.length - accepted - duplicates
      onProgress(total.accepted + total.duplicates)
    }
    await add('last')
    return { ...total, records, hasRecords: source.hasRecords }
  } finally {
    await source.close()
  }
}

/** The log record that a note of a span came as. */
function logOf(note: ExportedRecord): LogRecord {
  const body = recordedValue(JSON.parse(String(note.body)))
  return {
    traceId: String(note.trace_id),
    spanId: String(note.span_id),
    timeNs: BigInt(String(note.time_ns)),
    name: String(note.name),
    // What says it in attributes and what says it in its body are read alike.
    attributes: body instanceof Map ? body : new Map(),
    body,
  }
}

function recordedValue(value: unknown): AnyValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return value
  }
  if (Array.isArray(value)) return value.map(recordedValue)
  if (typeof value !== 'object' || value === null) return null
  return new Map(Object.entries(value).map(([key, of]) => [key, recordedValue(of)] as const))
}
