import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { valueHash } from '@trace2/core'
import type { Trial } from '@trace2/store'

/** Answers of trials that nobody has gone on with for so long are forgotten. */
const keptDays = 30

/**
 * A folder with a file for each trial that is under way or was interrupted: the answers that its model calls have had. They
 * belong to what the trial is, so that another experiment with the same trial goes on with them too.
 */
export class AnswersFolder {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** The file for a trial. */
  fileFor({ key, id }: Trial): string {
    return join(this.#path, `${valueHash(key === '' ? id : key)}.jsonl`)
  }

  /** A trial has ended: what it came to is a row of the store. */
  async end(trial: Trial): Promise<void> {
    await rm(this.fileFor(trial), { force: true })
  }

  /** Removes what nobody goes on with any more, and the folder where nothing is left in it. */
  async tidy(): Promise<void> {
    const oldest = Date.now() - keptDays * 24 * 60 * 60 * 1000
    try {
      for (const name of await readdir(this.#path)) {
        const file = join(this.#path, name)
        if ((await stat(file)).mtimeMs < oldest) await rm(file, { force: true })
      }
      await rmdir(this.#path)
    } catch {
      // It is not there, or another process goes on with what is in it.
    }
  }
}
