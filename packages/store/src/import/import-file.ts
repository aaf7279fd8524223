import { formatCount, Trace2Error } from '@trace2/core'
import { raise } from '../errors.ts'
import {
  decodeLogs,
  decodeTraces,
  type LogRecord,
  type OtlpEncoding,
  type SpanRecord,
} from '../otlp/index.ts'
import type { Store } from '../store.ts'
import { type FileBytes, openBytes } from './bytes.ts'
import { IgnoredCounter, type IgnoredEvents } from './ignored-events.ts'
import { MAX_PIECE, type Piece, pieces, type Shape } from './pieces.ts'

/** How far an import has come. */
export interface ImportProgress {
  /** Bytes of the file that were read so far. */
  readonly bytes: number
  /** Size of the file, in bytes; 0 of a pipe. */
  readonly totalBytes: number
  /** Number of spans that were taken so far, those that were stored already included. */
  readonly spans: number
}

/** One place of a file that could not be read. */
export interface ImportProblem {
  /** Line of a JSON lines file, or number of the message in a protobuf file, from 1. */
  readonly line: number
  /** What is wrong there. */
  readonly message: string
}

/** The result of {@link importFile}. */
export interface ImportResult {
  /** The encoding of the file. */
  readonly encoding: OtlpEncoding
  /** Number of spans that were stored. */
  readonly accepted: number
  /** Number of spans that were skipped because they were stored already. */
  readonly duplicates: number
  /** Number of log records that were taken, those in `ignoredLogs` included. */
  readonly logs: number
  /** Number of log records that were taken and say nothing of a run. They are not stored. */
  readonly ignoredLogs: number
  /** What those are: the most frequent first, a hundred names at most. */
  readonly ignoredEvents: readonly IgnoredEvents[]
  /** Number of spans and log records that could be read but not taken. */
  readonly rejected: number
  /** Number of lines or messages that could not be read at all. */
  readonly badLines: number
  /**
   * Why the file could not be read to its end, for example because it was cut; `undefined` where it could. What stands
   * before is imported.
   */
  readonly brokenOff: string | undefined
  /** The first hundred problems, in the order of the file. */
  readonly problems: readonly ImportProblem[]
}

const RECORDS_AT_ONCE = 5000
/** A collector takes no more than 64 MiB in one request. */
const BYTES_AT_ONCE = 16 * 1024 * 1024
const MAX_PROBLEMS = 100

/**
 * Imports a file of OTLP traces, logs or both. The file holds JSON lines or length-prefixed protobuf, as the file
 * exporter of the OpenTelemetry Collector writes them, or one request in either encoding. It may be gzipped, and a pipe.
 * Records that cannot be read are counted and reported with their line, and the others are imported; of a file that is cut
 * or damaged, what stands before. Importing a file again adds nothing.
 *
 * @param path of the file; `-` is standard input.
 * @throws {Trace2Error} `T2_IMPORT` if there is no such file or it has none of these formats.
 * @example
 * const { accepted, problems } = await importFile(store, 'traces.jsonl', ({ bytes }) => bar.update(bytes))
 */
export async function importFile(
  store: Store,
  path: string,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportResult> {
  const file = await openBytes(path)
  const problems: ImportProblem[] = []
  const ignored = new IgnoredCounter()
  const total = { accepted: 0, duplicates: 0, logs: 0, ignoredLogs: 0, rejected: 0, badLines: 0 }
  let waiting: SpanRecord[] = []
  let waitingLogs: LogRecord[] = []
  let waitingBytes = 0
  let shape: Shape | undefined

  const flush = async () => {
    const { accepted, duplicates } = await store.writeSpans(waiting)
    waiting = []
    waitingBytes = 0
    total.accepted += accepted
    total.duplicates += duplicates
    if (waitingLogs.length > 0) {
      const logs = await store.writeLogs(waitingLogs)
      waitingLogs = []
      total.logs += logs.accepted
      total.ignoredLogs += logs.ignored
    }
    const spans = total.accepted + total.duplicates
    onProgress({ bytes: file.bytesRead(), totalBytes: file.totalBytes, spans })
  }
  const report = (line: number, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message })
  }
  const take = ({ shape, line, bytes }: Piece) => {
    if (!bytes) {
      total.badLines++
      report(line, `It is longer than ${formatCount(MAX_PIECE)} bytes.`)
      return
    }
    try {
      const { spans, records, rejected, errors } = decodeRequest(bytes, shape)
      for (const span of spans) waiting.push(span)
      for (const record of records) waitingLogs.push(record)
      ignored.add(records)
      total.rejected += rejected
      for (const error of errors) report(line, error)
    } catch (error) {
      total.badLines++
      report(line, error instanceof Error ? error.message : String(error))
    }
  }
  let brokenOff: string | undefined
  try {
    for await (const piece of piecesOf(file, path)) {
      if (typeof piece === 'string') {
        brokenOff = piece
        break
      }
      shape = piece.shape
      take(piece)
      waitingBytes += piece.bytes?.byteLength ?? 0
      const records = waiting.length + waitingLogs.length
      if (records >= RECORDS_AT_ONCE || waitingBytes >= BYTES_AT_ONCE) await flush()
    }
    await flush()
  } finally {
    file.close()
  }
  const encoding = shape === 'protobuf' ? 'protobuf' : 'json'
  return { encoding, ...total, ignoredEvents: ignored.events, brokenOff, problems }
}

/**
 * The requests of a file, and at the end why it could not be read any further, if it could not.
 *
 * @throws {Trace2Error} `T2_IMPORT` where nothing of it could be read.
 */
async function* piecesOf(file: FileBytes, path: string): AsyncGenerator<Piece | string> {
  let any = false
  let failure: string | undefined
  try {
    for await (const piece of pieces(file.chunks)) {
      any = true
      yield piece
    }
  } catch (error) {
    if (!(error instanceof Trace2Error) || error.code !== 'T2_IMPORT') throw error
    failure = error.message
  }
  failure = file.failure() ?? failure
  if (failure === undefined) return
  if (!any) throw raise('T2_IMPORT', `Cannot read ${path}: ${failure}`)
  yield failure
}

interface Decoded {
  readonly spans: readonly SpanRecord[]
  readonly records: readonly LogRecord[]
  readonly rejected: number
  readonly errors: readonly string[]
}

/** A request shows itself whether it holds traces or logs. */
function decodeRequest(bytes: Uint8Array, shape: Shape): Decoded {
  const logs = (): Decoded => ({ spans: [], ...decodeLogs(bytes, shape) })
  let traces: Decoded
  try {
    traces = { records: [], ...decodeTraces(bytes, shape) }
  } catch (error) {
    if (error instanceof Trace2Error && error.code === 'T2_OTLP_WRONG_SIGNAL') return logs()
    throw error
  }
  if (traces.spans.length > 0 || traces.rejected === 0) return traces
  // In protobuf, log records without a time look like spans without ids.
  try {
    const decoded = logs()
    return decoded.rejected === 0 ? decoded : traces
  } catch {
    return traces
  }
}
