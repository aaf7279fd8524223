import { raise } from '../errors.ts'

/** What each part of a collector may take, in bytes. */
export interface MemoryShares {
  /**
   * DuckDB's buffers: rows that are not in the database file yet, and pages of it that queries read. What is more goes to
   * disk, beside the database.
   */
  readonly database: number
  /** Growth of the process beside DuckDB's buffers at which a query of a person is ended. */
  readonly queries: number
  /** Bodies of all requests under way. A request that does not fit is answered 503. */
  readonly bodies: number
  /** Largest body of one request, unpacked. */
  readonly body: number
  /** Requests that one transaction stores. Three are on their way at a time, laid out as rows, which takes two to three times as much. */
  readonly transaction: number
  /**
   * Rows whose memory is kept for the next ones, while spans come: all that are on their way. Shared memory that is made
   * anew for each transaction makes V8 collect garbage far more often.
   */
  readonly rows: number
  /** Objects that a thread has just made, in the thread that reads requests and in the one that stores. */
  readonly young: number
}

const MEBIBYTE = 1024 * 1024
/** With less, DuckDB has too little for rows that are not in its file yet: at 256 MiB it stored nothing after a burst. */
const LEAST = 512 * MEBIBYTE
/** What is taken where nobody says how much. */
const MOST_UNASKED = 1024 * MEBIBYTE
/** Code, constants and old objects of three threads, and what Node and the libraries take for themselves. */
const PROGRAM = 144 * MEBIBYTE

/**
 * Divides a collector's memory among its parts. The fixed part comes first; of the rest, queries, bodies and rows have a
 * fifth each, and DuckDB what is left. Beyond what makes the intake quicker, all goes to DuckDB.
 *
 * @param memory of the whole process, in bytes, without mapped files: the system takes those back when it needs to.
 * @throws {Trace2Error} `T2_CONFIG` for less than 512 MiB.
 */
export function memoryShares(memory: number): MemoryShares {
  if (!(memory >= LEAST)) {
    throw raise('T2_CONFIG', `A collector needs ${LEAST / MEBIBYTE} MiB of memory or more.`)
  }
  const young = clamp(memory / 12, 16 * MEBIBYTE, 96 * MEBIBYTE)
  const free = memory - PROGRAM - young
  const queries = Math.floor(free / 5)
  const bodies = clamp(free / 5, 0, 256 * MEBIBYTE)
  const rows = clamp(free / 5, 0, 128 * MEBIBYTE)
  return {
    database: Math.floor(free - queries - bodies - rows),
    queries,
    bodies,
    body: clamp(Math.min(memory / 16, bodies / 2), 0, 64 * MEBIBYTE),
    transaction: Math.floor(rows / 12),
    rows,
    young,
  }
}

/** What the system lets a process have. */
export interface SystemMemory {
  /** Bytes of the machine. */
  readonly total: number
  /** Bytes that a control group allows; 0, or more than there is, where none limits it. */
  readonly constrained: number
}

/** What a collector takes where nobody says: all of a control group, or a quarter of the machine; 1 GiB at most. */
export function defaultMemory({ total, constrained }: SystemMemory): number {
  const isConstrained = constrained > 0 && constrained < total
  return clamp(isConstrained ? constrained : total / 4, LEAST, MOST_UNASKED)
}

function clamp(bytes: number, least: number, most: number): number {
  return Math.floor(Math.min(Math.max(bytes, least), most))
}
