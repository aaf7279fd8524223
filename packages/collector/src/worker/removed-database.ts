import { existsSync, readdirSync, statSync } from 'node:fs'
import { copyFile, rename, rm, stat } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'
import { counted } from '@trace2/core'
import { identityOf, WatchedFile } from '../files/watched-file.ts'
import type { Incident } from '../incidents/incidents.ts'
import type { SpansBelow } from '../journal/journal.ts'

/** Where Linux lists the files that a process has open. */
const OPEN_FILES = '/proc/self/fd'
/** A copy that was written to meanwhile is made again, so often. */
const ATTEMPTS = 3

/**
 * Sees when the file of an open database is removed, moved or replaced by another one, and saves it then: who has a file
 * open can still read it.
 */
export class DatabaseWatch {
  readonly #file: WatchedFile
  #log: string | undefined

  /** @param path of a database that was opened just now. */
  constructor(path: string) {
    this.#file = new WatchedFile(path)
  }

  /** Whether the name still stands for the open database. */
  get isThere(): boolean {
    if (!this.#file.isThere) return false
    // The log comes and goes. The last one that was beside the file belongs to it.
    this.#log = identityOf(logOf(this.#file.path)) ?? this.#log
    return true
  }

  /**
   * Copies the file, as it was at its last checkpoint, and moves its log beside the copy.
   *
   * @returns where the copy is; `undefined` where there is none to be had, or the file is still somewhere.
   */
  async save(): Promise<string | undefined> {
    const { path } = this.#file
    const aside = `${path}.removed-${Date.now()}`
    try {
      const log = logOf(path)
      if (this.#log !== undefined && identityOf(log) === this.#log) await rename(log, logOf(aside))
      const open = this.#openFile()
      if (open === undefined || statSync(open).nlink > 0) return undefined
      await copyWhole(open, aside)
      return aside
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined)
      diag.error(`The database that was removed cannot be copied: ${String(error)}`)
      return undefined
    }
  }

  #openFile(): string | undefined {
    if (!existsSync(OPEN_FILES)) return undefined
    const names = readdirSync(OPEN_FILES).map((name) => `${OPEN_FILES}/${name}`)
    return names.find((name) => identityOf(name) === this.#file.identity)
  }
}

export interface Removed {
  readonly path: string
  /** Where a copy of it is. */
  readonly copy: string | undefined
  readonly consumer: { readonly spans: number }
  readonly journal: { readonly trimmed: SpansBelow }
}

/** What is told of a database that was removed. What is missing in the next file is told by who opens that. */
export function removedIncident({ path, copy, consumer, journal }: Removed): Incident {
  const held = Math.max(consumer.spans - journal.trimmed.spans, 0)
  const rest = copy
    ? `All that was stored at the last checkpoint is in ${copy}: add it with \`trace2 doctor --db ${copy} --salvage ${path}\`, the collector being stopped.`
    : 'The rest is only in the file that was there, if it was moved.'
  const message =
    `The database ${path} was removed or replaced while it was open. It had ${counted(consumer.spans, 'span')} from the ` +
    `journal, which still holds ${held} of them: these are stored again in the file that is there now, or in a new one. ${rest}`
  return { kind: 'database-removed', message, missingRequests: 0, missingSpans: 0 }
}

function logOf(path: string): string {
  return `${path}.wal`
}

async function copyWhole(from: string, to: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await stat(from)
    await copyFile(from, to)
    const after = await stat(from)
    if (before.mtimeMs === after.mtimeMs && before.size === after.size) return
  }
  throw new Error('it is being written to')
}
