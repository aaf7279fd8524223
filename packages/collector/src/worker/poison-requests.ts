import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diag } from '@opentelemetry/api'
import type { Failure } from '@trace2/store/engines'
import { Refusals } from '../forward/refusals.ts'
import type { JournalEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'

const MOST_AT_ONCE = 256
/** Failures in a row after which a request is suspected. */
const ATTEMPTS = 3
/** Requests that are kept. When there are more, the store is at fault and not a request: it is waited for. */
const MOST_KEPT = 1000

/** Where requests lie that cannot be stored. */
export function unstoredDirectory(journalDirectory: string): string {
  return join(journalDirectory, 'unstored')
}

/**
 * Sets aside requests that the store can never accept. Such a request would hold up everything behind it for ever. It is
 * found by smaller and smaller transactions and kept in a file. A full disk or a damaged database is no request's fault.
 */
export class PoisonRequests {
  readonly #journal: Journal
  readonly #directory: string
  readonly #kept: Refusals
  readonly #excluded = new Set<number>()
  #atOnce = MOST_AT_ONCE
  #attempts = 0
  #count = 0

  /** @param directory where such requests are kept. */
  constructor(journal: Journal, directory: string) {
    this.#journal = journal
    this.#directory = directory
    const all = Number.POSITIVE_INFINITY
    this.#kept = new Refusals(directory, { files: all, bytes: all })
  }

  /** Requests that the next transaction may have. */
  get atOnce(): number {
    return this.#atOnce
  }

  /** Requests set aside since the start. */
  get count(): number {
    return this.#count
  }

  /** Requests that are not to be stored. */
  get excluded(): ReadonlySet<number> {
    return this.#excluded
  }

  /**
   * Finds those that were set aside before this start and are not passed yet: what took too long to be read is not read
   * again.
   *
   * @param first number of the first entry that is not in the store.
   */
  async recall(first: number): Promise<void> {
    for (const name of await readdir(this.#directory).catch(() => [])) {
      const [, digits] = /^(\d{12,})\.(?:traces|logs)\.(?:json|pb)$/.exec(name) ?? []
      const number = Number(digits)
      if (!(number >= first)) continue
      const kept = await readFile(join(this.#directory, name))
      // Numbers of another journal say nothing about this one; the same bytes do.
      const entry = this.#entry(number)
      if (entry && kept.equals(entry.body)) this.#excluded.add(number)
    }
  }

  committed(): void {
    this.#attempts = 0
    this.#atOnce = Math.min(this.#atOnce * 2, MOST_AT_ONCE)
  }

  /**
   * To be told of each transaction that failed.
   *
   * @param first its first request.
   * @returns whether the next attempt is another one, and need not wait.
   */
  async failed({ kind, error }: Failure, first: number): Promise<boolean> {
    if (kind !== 'defect' || ++this.#attempts < ATTEMPTS) return false
    if (this.#atOnce === 1) return this.#setAside(error, first)
    this.#atOnce = Math.ceil(this.#atOnce / 2)
    // Alone, a request gets its attempts once more: what is over soon is not its fault.
    if (this.#atOnce === 1) this.#attempts = 0
    return true
  }

  /** Sets a request aside that takes longer to be read than any should. */
  async tooSlow(number: number, error: Error): Promise<void> {
    const entry = this.#entry(number)
    if (!entry) return
    await this.#keep(number, entry, error)
    diag.error(`${error.message} It is kept in ${this.#directory}; please report it.`)
  }

  async #setAside(error: unknown, first: number): Promise<boolean> {
    const entry = this.#entry(first)
    if (!entry) return false
    const names = await readdir(this.#directory).catch(() => [])
    if (names.length >= 2 * MOST_KEPT) return false
    await this.#keep(first, entry, error)
    diag.error(
      `Request ${first} cannot be stored, which is a defect of Trace2: ${String(error)}. ` +
        `It is kept in ${this.#directory}; please report it.`,
    )
    return true
  }

  #entry(number: number): JournalEntry | undefined {
    const [read] = this.#journal.read(number)
    if (read?.number !== number || !read.entry) return undefined
    // The journal's bytes are valid until its next read.
    return { ...read.entry, body: Uint8Array.from(read.entry.body) }
  }

  async #keep(number: number, entry: JournalEntry, error: unknown): Promise<void> {
    await this.#kept.keep(String(number).padStart(12, '0'), entry, String(error))
    this.#excluded.add(number)
    this.#count++
  }
}
