import { existsSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { raise } from '../../errors.ts'

/** Described in `tables/log-base.ts`. */
const TABLE = 'log_base'
/** Each of the two headers has, after its checksum, the number of the checkpoint that wrote it; the later one counts. */
const HEADERS = [4096 + 8, 8192 + 8]

/**
 * Ties a write-ahead log to the file that it belongs to. DuckDB replays whatever log lies beside a file: with an older copy of
 * the file, the newer log would leave out everything between the two without a word. The first transaction of each log
 * therefore says which checkpoint it goes on from.
 *
 * The file is opened once, and closed after DuckDB has closed it: a process loses all its locks of a file when it closes that
 * file once (POSIX, `fcntl`), and with DuckDB's lock gone, another process could write into the same database.
 */
export class LogBase {
  readonly #path: string
  #file: FileHandle | undefined
  #isSaid = false

  constructor(path: string) {
    this.#path = path
  }

  /**
   * To be called after the database was opened, and before anything is written.
   *
   * @param iteration of the file before it was opened.
   * @throws {Trace2Error} `T2_STORE_DAMAGED` where the log belongs to another state of the file.
   */
  async check(connection: DuckDBConnection, iteration: bigint): Promise<void> {
    const log = `${this.#path}.wal`
    // DuckDB removes a log that is in the file already.
    if (!existsSync(log) || statSync(log).size === 0 || !(await isThere(connection))) return
    const result = await connection.runAndReadAll(
      `SELECT max(iteration), last(iteration ORDER BY rowid) FROM ${TABLE}`,
    )
    const [latest, last] = (result.getRowsJson()[0] ?? []).map((told) => BigInt(String(told ?? 0)))
    if (latest === undefined || last === undefined) return
    // Less is usual: a process that was killed while it wrote the first transaction has left half of it.
    if (latest <= iteration && last === latest) return
    throw raise(
      'T2_STORE_DAMAGED',
      `The WAL file ${log} goes on from another state of the database than ${this.#path} has (checkpoint ${last}, not ${iteration}).`,
    )
  }

  /**
   * To be called before each transaction. It has one of its own, which only adds a row: that one can be replayed onto
   * whatever file.
   */
  async say(connection: DuckDBConnection): Promise<void> {
    if (this.#isSaid || !(await isThere(connection))) return
    const iteration = await this.iteration()
    const statement = `INSERT INTO ${TABLE} VALUES ($1::UBIGINT)`
    await connection.run(statement, [String(iteration)])
    this.#isSaid = true
  }

  /** To be called after a checkpoint: another log begins. */
  begin(): void {
    this.#isSaid = false
  }

  /** Number of the checkpoint that the database file shows; 0 where there is none. */
  async iteration(): Promise<bigint> {
    if (!this.#file && !existsSync(this.#path)) return 0n
    this.#file ??= await open(this.#path)
    let latest = 0n
    for (const at of HEADERS) {
      const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(8), 0, 8, at)
      const iteration = bytesRead === 8 ? buffer.readBigUInt64LE() : 0n
      if (iteration > latest) latest = iteration
    }
    return latest
  }

  /** To be called when DuckDB has closed the file, or could not open it. */
  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }
}

async function isThere(connection: DuckDBConnection): Promise<boolean> {
  const result = await connection.runAndReadAll(
    "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = $1 AND NOT temporary",
    [TABLE],
  )
  return result.currentRowCount > 0
}
