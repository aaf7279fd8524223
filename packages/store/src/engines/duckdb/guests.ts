import { totalmem } from 'node:os'
import type { DuckDBConnection } from '@duckdb/node-api'
import { raise } from '../../errors.ts'
import { ownMemory } from './own-memory.ts'
import { limitSizes } from './query/sized-texts.ts'

/** Queries of people that run at once: what is left of the threads that DuckDB is called on serves everything else. */
const GUESTS = 2
/** How long a query waits for others, in milliseconds. */
const PATIENCE_MS = 30_000
/** How often the memory of the process is looked at while such a query runs, in milliseconds. */
const LOOK_MS = 20
/** What the process may grow by beside DuckDB's own limit: blocks of texts do not count towards that. */
const GROWTH_BYTES = 512 * 1024 ** 2

/** How one query of a person ends before it is done. */
export interface GuestOptions {
  /** How long it may wait and run, in milliseconds. Default: that of the engine. */
  readonly withinMs?: number | undefined
  /** Ends it when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined
}

type Reason = 'time' | 'memory' | 'left' | 'closing'

/**
 * Connections for queries that people wrote: a few at a time, each closed after its query, and each query ended where it
 * takes too long or too much memory, where nobody waits for it any more, and where the database is closed.
 */
export class Guests {
  readonly #connect: () => Promise<DuckDBConnection>
  readonly #withinMs: number
  readonly #growthBytes: number
  readonly #running = new Map<DuckDBConnection, (reason: Reason) => void>()
  readonly #waiting: (() => void)[] = []
  #lent = 0
  #closing = false

  /**
   * @param withinMs how long a query may wait and run, in milliseconds.
   * @param growthBytes what the process may grow by meanwhile.
   */
  constructor(connect: () => Promise<DuckDBConnection>, withinMs: number, growthBytes: number) {
    this.#connect = connect
    this.#withinMs = withinMs
    this.#growthBytes = growthBytes
  }

  /** Queries that have begun. */
  get running(): number {
    return this.#running.size
  }

  /**
   * @throws {Trace2Error} `T2_SQL_TIME` where it took too long; `T2_SQL_BUSY` where it waited too long for others;
   *   `T2_SQL_LARGE` where it took too much memory; `T2_SQL_ENDED` where its signal ended it; `T2_STORE_CLOSED`.
   */
  async lend<T>(
    task: (connection: DuckDBConnection) => Promise<T>,
    { withinMs = this.#withinMs, signal }: GuestOptions = {},
  ): Promise<T> {
    const end = performance.now() + withinMs
    await this.#turn(withinMs, signal)
    let reason: Reason | undefined
    let connection: DuckDBConnection | undefined
    let watch: NodeJS.Timeout | undefined
    try {
      if (this.#closing) throw closed()
      const guest = await this.#connect()
      connection = guest
      await limitSizes(guest)
      const stop = (why: Reason) => {
        reason ??= why
        guest.interrupt()
      }
      this.#running.set(guest, stop)
      const most = ownMemory() + this.#growthBytes
      // Again and again: a query that is between two statements takes no notice.
      watch = setInterval(() => {
        if (reason ?? signal?.aborted) stop('left')
        else if (performance.now() >= end) stop('time')
        else if (ownMemory() > most) stop('memory')
      }, LOOK_MS)
      return await task(guest)
    } catch (error) {
      if (this.#closing) throw closed()
      if (reason === undefined) throw error
      throw endedFor(reason, withinMs, error)
    } finally {
      clearInterval(watch)
      if (connection) this.#running.delete(connection)
      connection?.closeSync()
      this.#lent--
      this.#waiting.shift()?.()
    }
  }

  /** Ends what runs. What waits is refused. */
  async close(): Promise<void> {
    this.#closing = true
    while (this.#running.size > 0) {
      for (const stop of this.#running.values()) stop('closing')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async #turn(withinMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#closing) throw closed()
    if (signal?.aborted) throw endedFor('left', withinMs)
    if (this.#lent < GUESTS) {
      this.#lent++
      return
    }
    await new Promise<void>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', leave)
      }
      const go = () => {
        settle()
        this.#lent++
        resolve()
      }
      const giveUp = (error: Error) => {
        settle()
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(error)
      }
      const leave = () => giveUp(endedFor('left', withinMs))
      const patience = Math.min(withinMs, PATIENCE_MS)
      const others = `Other queries have been running for ${patience / 1000} s.`
      const timer = setTimeout(() => giveUp(raise('T2_SQL_BUSY', others)), patience)
      signal?.addEventListener('abort', leave)
      this.#waiting.push(go)
    })
  }
}

/** @param memoryBytes what DuckDB may take for its buffers. */
export function defaultGrowth(memoryBytes = totalmem() / 2): number {
  return memoryBytes + GROWTH_BYTES
}

function closed(): Error {
  return raise('T2_STORE_CLOSED', 'The store is closed.')
}

function endedFor(reason: Reason, withinMs: number, cause?: unknown): Error {
  const options = { cause }
  switch (reason) {
    case 'time':
      return raise('T2_SQL_TIME', `The query took longer than ${withinMs / 1000} s.`, options)
    case 'memory':
      return raise('T2_SQL_LARGE', 'The query took too much memory.', options)
    case 'left':
      return raise('T2_SQL_ENDED', 'The query was ended: nobody waited for it.', options)
    case 'closing':
      return closed()
  }
}
