import { readdirSync } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '@trace2/store'
import type { Outgoing } from './deliver.ts'

/** What is kept of a request. */
export type Refused = Pick<Outgoing, 'signal' | 'encoding' | 'body'>

/** How much of what a target refused is kept; the oldest goes first. */
export interface KeptRefusals {
  readonly files: number
  readonly bytes: number
}

const MOST_KEPT: KeptRefusals = { files: 1000, bytes: 256 * 1024 * 1024 }

/** Number of requests that lie in a directory of {@link Refusals}, or below it: each has its reason beside it. */
export function countKept(directory: string): number {
  try {
    const names = readdirSync(directory, { recursive: true })
    return names.filter((name) => String(name).endsWith('.reason.txt')).length
  } catch {
    return 0
  }
}

/** Requests that a target refused for good, one file each with the reason beside it, for inspection. */
export class Refusals {
  readonly #directory: string
  readonly #most: KeptRefusals

  constructor(directory: string, most: KeptRefusals = MOST_KEPT) {
    this.#directory = directory
    this.#most = most
  }

  /**
   * Writes `<name>.<signal>.json` or `.pb`, and `<name>.reason.txt`, into the directory.
   *
   * @param name sorts after those of earlier requests.
   */
  async keep(name: string, { signal, encoding, body }: Refused, reason: string): Promise<void> {
    await makeDirectory(this.#directory)
    const file = `${name}.${signal}.${encoding === 'json' ? 'json' : 'pb'}`
    await writeFile(join(this.#directory, file), body)
    await writeFile(join(this.#directory, `${name}.reason.txt`), `${reason}\n`)
    await this.#forgetOldest()
  }

  async #forgetOldest(): Promise<void> {
    const names = (await readdir(this.#directory)).sort().reverse()
    let files = 0
    let bytes = 0
    for (const name of names) {
      const path = join(this.#directory, name)
      bytes += (await stat(path)).size
      files++
      // Two files each; the latest request stays, however large it is.
      if (files > 2 && (files > 2 * this.#most.files || bytes > this.#most.bytes)) await rm(path)
    }
  }
}
