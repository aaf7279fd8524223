import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { Trace2Error } from '@trace2/core'
import {
  type BackupBytes,
  type BackupPart,
  type BackupParts,
  isPartName,
} from '../../../../backup.ts'
import { raise } from '../../../../errors.ts'
import { makeDirectory } from '../../../../make-directory.ts'
import type { Database } from '../../database.ts'
import { logBaseTable, storeTables, type TableShape, traceTimeTable } from '../../tables/index.ts'
import { type Chunk, chunksOf } from './chunks.ts'

/** What follows from other tables is made anew where a backup is restored, and what is said of a log is of that log alone. */
export const savedTables: readonly TableShape[] = storeTables.filter(
  (table) => table !== traceTimeTable && table !== logBaseTable,
)

const BYTES_AT_ONCE = 3 * 1024 * 1024
/** How long a question for parts waits for the next one. */
const PATIENCE_MS = 1000

/** One backup: a copy of all tables as they were at one moment, as files that are fetched one by one. */
export class BackupSession {
  readonly id = randomUUID()
  readonly #directory: string
  readonly #known: Set<string>
  readonly #parts: BackupPart[] = []
  readonly #ended = new AbortController()
  #isComplete = false
  #failure: unknown

  /** @param staging directory that the database may write to. */
  constructor(staging: string, known: readonly string[]) {
    this.#directory = join(staging, this.id)
    this.#known = new Set(known)
  }

  /** Writes the parts that are not known, in one transaction: the rows of all tables are of one moment. */
  async write(database: Database): Promise<void> {
    try {
      await makeDirectory(this.#directory, 0o700)
      await database.withReader(async (connection) => {
        await connection.run('BEGIN TRANSACTION READ ONLY')
        try {
          await this.#writeTables(connection)
        } finally {
          await connection.run('ROLLBACK').catch(() => undefined)
        }
      })
      this.#isComplete = true
    } catch (error) {
      this.#failure = error
    }
    if (this.#ended.signal.aborted) await this.#removeFiles()
  }

  /** Parts from a number on, as soon as there is one. */
  async parts(from: number): Promise<BackupParts> {
    const patience = performance.now() + PATIENCE_MS
    while (this.#parts.length <= from && this.#isWriting && performance.now() < patience) {
      await setTimeout(10)
    }
    if (this.#failure !== undefined) throw failed(this.#failure)
    return { parts: this.#parts.slice(from), isLast: this.#isComplete }
  }

  /** Bytes of a part; after its last ones it is gone. */
  async read(name: string, offset: number): Promise<BackupBytes> {
    const part = this.#parts.find((one) => one.name === name && !one.known)
    if (!part || !isPartName(name) || !Number.isSafeInteger(offset) || offset < 0) {
      throw raise('T2_BACKUP_GONE', 'The backup has no such part.')
    }
    const path = join(this.#directory, name)
    const file = await open(path).catch((error: unknown) => {
      throw raise('T2_BACKUP_GONE', 'The part has been read already.', { cause: error })
    })
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BYTES_AT_ONCE), 0, null, offset)
      const { size } = await file.stat()
      const isLast = offset + bytesRead >= size
      if (isLast) await rm(path, { force: true })
      return { bytes: buffer.subarray(0, bytesRead).toString('base64'), isLast }
    } finally {
      await file.close()
    }
  }

  /** Ends it, whatever is left of it to write or to read. */
  async end(): Promise<void> {
    this.#ended.abort()
    if (!this.#isWriting) await this.#removeFiles()
  }

  get #isWriting(): boolean {
    return !this.#isComplete && this.#failure === undefined
  }

  async #writeTables(connection: DuckDBConnection): Promise<void> {
    for (const table of savedTables) {
      for (const chunk of await chunksOf(connection, table)) {
        if (this.#ended.signal.aborted) throw raise('T2_BACKUP_GONE', 'The backup was ended.')
        const part = await this.#partOf(connection, table, chunk)
        if (!part) continue
        if (!part.known) await this.#writePart(connection, part, chunk)
        this.#known.add(part.name)
        this.#parts.push(part)
      }
    }
  }

  async #partOf(
    connection: DuckDBConnection,
    shape: TableShape,
    { from, to }: Chunk,
  ): Promise<BackupPart | undefined> {
    const { name: table } = shape
    const result = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, sha256(string_agg(row_hash, '' ORDER BY place))
       FROM (
         SELECT rowid AS place, sha256(${rowText(shape)}) AS row_hash
         FROM ${table} WHERE rowid BETWEEN ${from} AND ${to}
       )`,
    )
    const [[rows, hash] = []] = result.getRowsJson()
    if (Number(rows) === 0) return undefined
    const name = `${table}-${String(hash).slice(0, 32)}.parquet`
    return { table, name, rows: Number(rows), known: this.#known.has(name) }
  }

  async #writePart(
    connection: DuckDBConnection,
    { table, name }: BackupPart,
    { from, to }: Chunk,
  ): Promise<void> {
    const path = join(this.#directory, name).replaceAll("'", "''")
    await connection.run(
      `COPY (SELECT * FROM ${table} WHERE rowid BETWEEN ${from} AND ${to} ORDER BY rowid)
       TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    )
  }

  async #removeFiles(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }
}

/** A text that no two different rows have. What a column of JSON holds need not be JSON: it is taken as it is. */
function rowText({ columns }: TableShape): string {
  const texts = columns.map(({ name, type }) =>
    type === 'VARCHAR[]' ? `to_json(${name})::VARCHAR` : `${name}::VARCHAR`,
  )
  return `to_json([${texts.join(', ')}])::VARCHAR`
}

function failed(error: unknown): Trace2Error {
  if (error instanceof Trace2Error) return error
  const reason = error instanceof Error ? error.message : String(error)
  return raise('T2_BACKUP', `The tables cannot be written: ${reason}`, { cause: error })
}
