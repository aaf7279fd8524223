import type { SpanRecord } from '@trace2/collector/otlp'
import type { Store } from '@trace2/collector/store'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import { openTraceFile } from './open.ts'
import { requestsIn } from './requests.ts'

/** What became of the spans of a file. */
export interface ImportCounts {
  accepted: number
  /** Present in the store before. */
  duplicates: number
  /** Spans that cannot be taken: without ids, damaged, nested too deep. */
  rejected: number
  /** Lines or messages that are not OTLP. */
  bad: number
  /** Lines or messages of logs and metrics. */
  otherSignals: number
}

export interface ImportOptions {
  readonly signal: AbortSignal
  /** Told after every batch: bytes read of the file, its size where it has one. */
  onProgress(read: number, size: number | undefined): void
  /** Told of every place that could not be taken, with the reason. */
  onFault(place: string, reason: string): void
}

/** Spans given to the store at once: enough to make use of its columns, little enough to hold in memory. */
const batchSize = 2000

/** Stores the spans of one file. What cannot be taken is counted and told; the rest of the file is taken. */
export async function importFile(
  store: Store,
  path: string,
  options: ImportOptions,
): Promise<ImportCounts> {
  const { decodeTraces } = await import('@trace2/collector/otlp')
  const { content, size, read } = await openTraceFile(path)
  const counts: ImportCounts = { accepted: 0, duplicates: 0, rejected: 0, bad: 0, otherSignals: 0 }
  let batch: SpanRecord[] = []
  const flush = async () => {
    const { accepted, duplicates } = await store.writeSpans(batch)
    counts.accepted += accepted
    counts.duplicates += duplicates
    batch = []
    options.onProgress(read(), size)
  }
  for await (const request of requestsIn(content)) {
    if (options.signal.aborted) break
    if ('fault' in request) {
      counts.bad++
      options.onFault(request.place, request.fault)
      continue
    }
    try {
      const { spans, rejected, errors } = decodeTraces(request.body, request.encoding)
      batch.push(...spans)
      counts.rejected += rejected
      for (const error of errors) options.onFault(request.place, error)
    } catch (error) {
      if (!(error instanceof Trace2Error)) throw error
      if (error.code === 'T2_OTLP_WRONG_SIGNAL') counts.otherSignals++
      else {
        counts.bad++
        options.onFault(request.place, error.message)
      }
    }
    if (batch.length >= batchSize) await flush()
  }
  if (batch.length > 0) await flush()
  return counts
}
