import { rmdir } from 'node:fs/promises'
import type { BackupBytes, BackupParts, OpenedBackup } from '../../../../backup.ts'
import { raise } from '../../../../errors.ts'
import type { Database } from '../../database.ts'
import { Mutex } from '../../mutex.ts'
import { SCHEMA_VERSION } from '../schema.ts'
import { BackupSession, savedTables } from './session.ts'

/** How long a backup is kept after the last call of whoever fetches it. */
const FORGOTTEN_AFTER_MS = 60_000

interface Kept {
  readonly session: BackupSession
  readonly written: Promise<void>
  timer: NodeJS.Timeout
}

/** Backups of one database that are under way. Their tables are written one backup after the other. */
export class BackupSessions {
  readonly #database: Database
  readonly #staging: string
  readonly #kept = new Map<string, Kept>()
  readonly #writing = new Mutex()

  /** @param staging directory that the database may write to; made when there is something to write. */
  constructor(database: Database, staging: string) {
    this.#database = database
    this.#staging = staging
  }

  async open(known: readonly string[]): Promise<OpenedBackup> {
    const session = new BackupSession(this.#staging, Array.isArray(known) ? known : [])
    const { id } = session
    const written = this.#writing.run(() => session.write(this.#database))
    this.#kept.set(id, { session, written, timer: this.#forgetLater(id) })
    return { id, schema: SCHEMA_VERSION, tables: savedTables.map(({ name }) => name) }
  }

  async parts(id: string, from: number): Promise<BackupParts> {
    return this.#find(id).parts(from)
  }

  async read(id: string, name: string, offset: number): Promise<BackupBytes> {
    return this.#find(id).read(name, offset)
  }

  async close(id: string): Promise<void> {
    const kept = this.#kept.get(id)
    if (!kept) return
    this.#kept.delete(id)
    clearTimeout(kept.timer)
    await kept.session.end()
    await kept.written
    // An export or another backup may be under way in it.
    await rmdir(this.#staging).catch(() => undefined)
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((id) => this.close(id)))
  }

  #find(id: string): BackupSession {
    const kept = this.#kept.get(id)
    if (!kept) throw raise('T2_BACKUP_GONE', 'The backup is not under way any more.')
    clearTimeout(kept.timer)
    kept.timer = this.#forgetLater(id)
    return kept.session
  }

  #forgetLater(id: string): NodeJS.Timeout {
    const timer = setTimeout(() => void this.close(id), FORGOTTEN_AFTER_MS)
    timer.unref()
    return timer
  }
}
