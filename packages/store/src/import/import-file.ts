import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Trace2Error } from '@trace2/core'
import { raise } from '../errors.ts'
import {
  decodeLogs,
  decodeTraces,
  type LogRecord,
  type OtlpEncoding,
  type SpanRecord,
} from '../otlp/index.ts'
import type { Store } from '../store.ts'
import { type Piece, pieces, type Shape } from './pieces.ts'

/** How far an import has come. */
export interface ImportProgress {
  /** Bytes of the file that were read so far. */
  readonly bytes: number
  /** Size of the file, in bytes. */
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
  /** Number of spans and log records that could be read but not taken. */
  readonly rejected: number
  /** Number of lines or messages that could not be read at all. */
  readonly badLines: number
  /** The first hundred problems, in the order of the file. */
  readonly problems: readonly ImportProblem[]
}

const RECORDS_AT_ONCE = 5000
/** A collector takes no more than 64 MiB in one request. */
const BYTES_AT_ONCE = 16 * 1024 * 1024
const MAX_PROBLEMS = 100

/**
 * Imports a file of OTLP traces, logs or both. The file holds JSON lines or length-prefixed protobuf, as the file
 * exporter of the OpenTelemetry Collector writes them, or one request in either encoding. It may be gzipped. Records
 * that cannot be read are counted and reported with their line, and the others are imported. Importing a file again
 * adds nothing.
 *
 * @throws {Trace2Error} `T2_IMPORT` if the file cannot be read or has none of these formats.
 * @example
 * const { accepted, problems } = await importFile(store, 'traces.jsonl', ({ bytes }) => bar.update(bytes))
 */
export async function importFile(
  store: Store,
  path: string,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportResult> {
  const { totalBytes, gzipped } = await inspect(path)
  const file = createReadStream(path)
  const content: Readable = gzipped ? file.pipe(createGunzip()) : file
  const problems: ImportProblem[] = []
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
    onProgress({ bytes: file.bytesRead, totalBytes, spans: total.accepted + total.duplicates })
  }
  const report = (line: number, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message })
  }
  const take = (piece: Piece) => {
    try {
      const { spans, records, rejected, errors } = decodePiece(piece)
      for (const span of spans) waiting.push(span)
      for (const record of records) waitingLogs.push(record)
      total.rejected += rejected
      for (const error of errors) report(piece.line, error)
    } catch (error) {
      total.badLines++
      report(piece.line, error instanceof Error ? error.message : String(error))
    }
  }
  try {
    // An error of the file does not reach a stream that it is piped into.
    file.on('error', (error) => content.destroy(error))
    for await (const piece of pieces(content)) {
      shape = piece.shape
      take(piece)
      waitingBytes += piece.bytes.byteLength
      const records = waiting.length + waitingLogs.length
      if (records >= RECORDS_AT_ONCE || waitingBytes >= BYTES_AT_ONCE) await flush()
    }
    await flush()
  } catch (error) {
    if (error instanceof Error && 'remedy' in error) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_IMPORT', `Cannot read ${path}: ${reason}`, { cause: error })
  } finally {
    file.destroy()
  }
  return { encoding: shape === 'protobuf' ? 'protobuf' : 'json', ...total, problems }
}

interface Decoded {
  readonly spans: readonly SpanRecord[]
  readonly records: readonly LogRecord[]
  readonly rejected: number
  readonly errors: readonly string[]
}

/** A request shows itself whether it holds traces or logs. */
function decodePiece({ bytes, shape }: Piece): Decoded {
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

async function inspect(path: string): Promise<{ totalBytes: number; gzipped: boolean }> {
  try {
    const { size } = await stat(path)
    const handle = await open(path)
    try {
      const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
      return { totalBytes: size, gzipped: buffer[0] === 0x1f && buffer[1] === 0x8b }
    } finally {
      await handle.close()
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_IMPORT', `Cannot read ${path}: ${reason}`, { cause: error })
  }
}
