import { statSync } from 'node:fs'

/** A file that is open, and the name that it was opened by. */
export class WatchedFile {
  readonly path: string
  /** Its device and number, as the file system has them; `undefined` where there was no file. */
  readonly identity: string | undefined

  /** @param path of a file that was opened just now. */
  constructor(path: string) {
    this.path = path
    this.identity = identityOf(path)
  }

  /** Whether the name still stands for the file; not where it was removed, moved or replaced. */
  get isThere(): boolean {
    return identityOf(this.path) === this.identity
  }
}

/** What tells a file from every other one as long as it is open; `undefined` where there is no file. */
export function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}
