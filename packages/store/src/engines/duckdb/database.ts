import { chmodSync, existsSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type Json as DuckDBJson,
  type DuckDBResultReader,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/core'
import { raise } from '../../errors.ts'
import type { EngineOptions, EngineWatcher, WriteFailures } from '../engine.ts'
import { isFatal } from './failure.ts'
import { defaultGrowth, type GuestOptions, Guests } from './guests.ts'
import { LogBase } from './log-base.ts'
import { Mutex } from './mutex.ts'

export type Row = Record<string, DuckDBJson>
export type Values = readonly DuckDBValue[]

const CHECKPOINT_INTERVAL_MS = 30_000
const READERS = 4
/** How long a query of a person may wait and run, in milliseconds. */
const QUERY_MS = 120_000
/** A file that only its owner reads and writes. */
const OWNER_ONLY = 0o600
/** What is left of the pages that are kept for queries when the database rests. */
const RESTING_BYTES = 32 << 20
/** How quickly a log goes into the database file, on a busy machine. */
const CHECKPOINTED_PER_MS = 10_000

export interface DatabaseOptions extends EngineOptions {
  /** A directory that the database itself may write to, for exports. Nothing else outside the database can be reached. */
  readonly exportDirectory: string
}

/** One DuckDB database: a connection that writes, one transaction at a time, and a few that read. */
export class Database {
  readonly #path: string
  readonly #instance: DuckDBInstance
  readonly #writer: DuckDBConnection
  /** None where the store is in memory. */
  readonly #logBase: LogBase | undefined
  readonly #idle: DuckDBConnection[] = []
  readonly #waiting: ((reader: DuckDBConnection) => void)[] = []
  readonly #writes = new Mutex()
  readonly #guests: Guests
  readonly #checkpointTimer: NodeJS.Timeout
  readonly #memoryBytes: number | undefined
  #readers = 0
  #reading = 0
  #dirty: boolean
  #closing = false
  #closed = false
  #failures: WriteFailures = { inARow: 0, latest: undefined }
  #watcher: EngineWatcher = { onCheckpoint: () => undefined, onInvalid: () => undefined }

  private constructor(
    path: string,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    logBase: LogBase | undefined,
    { queryMs = QUERY_MS, memoryBytes, queryGrowthBytes }: DatabaseOptions,
  ) {
    this.#path = path
    this.#logBase = logBase
    this.#guests = new Guests(
      () => instance.connect(),
      queryMs,
      queryGrowthBytes ?? defaultGrowth(memoryBytes),
    )
    // What another process has left.
    this.#dirty = existsSync(`${path}.wal`)
    this.#instance = instance
    this.#memoryBytes = memoryBytes
    this.#writer = writer
    this.#checkpointTimer = setInterval(() => void this.checkpoint(), CHECKPOINT_INTERVAL_MS)
    this.#checkpointTimer.unref()
  }

  /** @throws whatever DuckDB says; {@link openFailure} puts it into words. */
  static async open(path: string, options: DatabaseOptions): Promise<Database> {
    const isNew = path !== ':memory:' && !existsSync(path)
    const logBase = path === ':memory:' ? undefined : new LogBase(path)
    let instance: DuckDBInstance | undefined
    try {
      const iteration = (await logBase?.iteration()) ?? 0n
      instance = await DuckDBInstance.create(path, {
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        // The default of 16 MiB checkpoints inside an append, on the event loop; see docs/evidence/collector.md.
        wal_autocheckpoint: '1GB',
        // With more, the thread that waits for a statement keeps a processor busy while another one works at it.
        threads: '1',
        ...(options.memoryBytes !== undefined && { memory_limit: `${options.memoryBytes}B` }),
      })
      if (isNew) chmodSync(path, OWNER_ONLY)
      const writer = await instance.connect()
      // Settings are constants of ours except the directory, which is quoted as SQL quotes a string.
      const directory = options.exportDirectory.replaceAll("'", "''")
      await writer.run(`SET allowed_directories = ['${directory}/']`)
      // Where the last checkpoint is left out, closing makes none of its own.
      await writer.run('PRAGMA disable_checkpoint_on_shutdown')
      await writer.run('SET enable_external_access = false')
      // Giving memory back takes that.
      await writer.run("SET allowed_configs = ['memory_limit']")
      await writer.run('SET lock_configuration = true')
      await logBase?.check(writer, iteration)
      return new Database(path, instance, writer, logBase, options)
    } catch (error) {
      instance?.closeSync()
      await logBase?.close()
      throw error
    }
  }

  get failures(): WriteFailures {
    return this.#failures
  }

  watch(watcher: EngineWatcher): void {
    this.#watcher = watcher
  }

  /** Runs writes as one transaction, one at a time; what `task` throws rolls it back. */
  write<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    this.#refuseIfClosed()
    const connection = this.#writer
    return this.#writes.run(async () => {
      // Where it cannot be written, neither can what follows, which says so.
      await this.#logBase?.say(connection).catch(() => undefined)
      await connection.run('BEGIN TRANSACTION')
      try {
        const result = await task(connection)
        await connection.run('COMMIT')
        if (!this.#dirty) protectLog(this.#path)
        this.#dirty = true
        this.#failures = { inARow: 0, latest: undefined }
        return result
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => undefined)
        if (!(error instanceof Trace2Error)) {
          this.#failures = { inARow: this.#failures.inARow + 1, latest: error }
        }
        if (isFatal(error)) this.#watcher.onInvalid(error)
        throw error
      }
    })
  }

  /** Rows of a query as JSON-safe objects. 64-bit integers are strings. */
  async rows(query: string, values: Values = [], types?: readonly DuckDBType[]): Promise<Row[]> {
    const reader = await this.read(query, values, types)
    return reader.getRowObjectsJson()
  }

  /** `types` are needed only where a value does not show its own: an empty list. */
  read(
    query: string,
    values: Values = [],
    types?: readonly DuckDBType[],
  ): Promise<DuckDBResultReader> {
    return this.withReader((connection) =>
      connection.runAndReadAll(query, [...values], types && [...types]),
    )
  }

  /** What a query gives, as DuckDB has it: a value is made where it is asked for. */
  chunks(query: string, values: Values = []): Promise<DuckDBDataChunk[]> {
    return this.withReader(async (connection) =>
      (await connection.run(query, [...values])).fetchAllChunks(),
    )
  }

  /** Lends a connection on which nothing else runs meanwhile. */
  async withReader<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    this.#refuseIfClosed()
    this.#reading++
    const connection = await this.#acquire()
    try {
      return await task(connection)
    } finally {
      this.#reading--
      const next = this.#waiting.shift()
      if (next) next(connection)
      else this.#idle.push(connection)
    }
  }

  /**
   * Lends a connection of its own, which is closed afterwards, to a query that a person wrote. See {@link Guests}.
   *
   * @throws {Trace2Error} what {@link Guests.lend} throws.
   */
  async withGuest<T>(
    task: (connection: DuckDBConnection) => Promise<T>,
    options?: GuestOptions,
  ): Promise<T> {
    this.#refuseIfClosed()
    return this.#guests.lend(task, options)
  }

  async #acquire(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#readers < READERS) {
      this.#readers++
      return this.#instance.connect()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Moves the write-ahead log into the database file, off the event loop. */
  async checkpoint(): Promise<void> {
    if (!this.#dirty || this.#closed) return
    this.#dirty = false
    try {
      await this.#writes.run(async () => {
        await this.#writer.run('CHECKPOINT')
        this.#logBase?.begin()
        this.#watcher.onCheckpoint()
      })
    } catch (error) {
      // It is refused while a reader's transaction is open: the next one will do. What fails for another reason, a
      // full disk for example, leaves a database that takes nothing more.
      this.#dirty = true
      if (!isFatal(error)) return
      diag.error(`The checkpoint has failed: ${String(error)}`)
      this.#watcher.onInvalid(error)
    }
  }

  /**
   * Gives back pages that are kept, and what the allocators of the process have free: DuckDB returns that to the system
   * when its limit is set (`Allocator::FlushAll`, which calls `malloc_trim`), and nothing else that can be reached does.
   */
  async rest(): Promise<void> {
    const usual = this.#memoryBytes
    if (usual === undefined || usual <= RESTING_BYTES || this.#closing) return
    await this.#writes.run(async () => {
      if (this.#closed || this.#reading + this.#guests.running > 0) return
      // It is refused where more is in use: then there is less to give back.
      await this.#setMemoryLimit(RESTING_BYTES).catch(() => undefined)
      await this.#setMemoryLimit(usual)
    })
  }

  async #setMemoryLimit(bytes: number): Promise<void> {
    await this.#writer.run(`SET memory_limit = '${bytes}B'`)
  }

  /**
   * @param withinMs leaves out the last checkpoint where it would take longer. The next start then reads the log, which
   *   takes a fraction of that.
   */
  async close(withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#closed) return
    clearInterval(this.#checkpointTimer)
    this.#closing = true
    await this.#guests.close()
    const log = await stat(`${this.#path}.wal`).catch(() => undefined)
    if ((log?.size ?? 0) <= withinMs * CHECKPOINTED_PER_MS) await this.checkpoint()
    this.#closed = true
    await this.idle()
    this.#writer.closeSync()
    for (const reader of this.#idle) reader.closeSync()
    this.#instance.closeSync()
    await this.#logBase?.close()
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#writes.run(async () => undefined)
    while (this.#reading + this.#guests.running > 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
  }

  #refuseIfClosed(): void {
    if (this.#closing) throw raise('T2_STORE_CLOSED', 'The store is closed.')
  }
}

/** DuckDB makes its write-ahead log as any new file. It holds what the database holds, and is nobody else's either. */
function protectLog(path: string): void {
  try {
    chmodSync(`${path}.wal`, statSync(path).mode & 0o777)
  } catch {
    // In memory there is no log, and a checkpoint may have taken it away.
  }
}
