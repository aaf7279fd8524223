import { existsSync, statfsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'

const ZEROS = Buffer.alloc(1024 * 1024)

/**
 * The end of a file, which is kept ahead of what is written into it: whoever writes there finds a disk that has taken as
 * many bytes before, and does not meet one that is full, or a quota, or a limit on the file.
 */
export class Room {
  readonly #path: string
  #length: number
  #growing: Promise<void> = Promise.resolve()

  /** @param path an existing file. */
  constructor(path: string) {
    this.#path = path
    this.#length = statSync(path).size
  }

  /** Bytes that the file has. */
  get length(): number {
    return this.#length
  }

  /** Bytes that its disk has free for everybody. */
  get free(): number {
    // Of a file that was removed nothing can be told.
    if (!existsSync(this.#path)) return Number.POSITIVE_INFINITY
    const { bavail, blocks, bsize } = statfsSync(this.#path)
    // Some file systems do not tell.
    return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize
  }

  /** Bytes that the file may grow to. */
  get possible(): number {
    return (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) + this.free
  }

  /**
   * Makes the file so long, at least; as long as it can be, where the disk refuses.
   *
   * @throws what the disk says.
   */
  growTo(length: number): Promise<void> {
    this.#growing = this.#growing.catch(() => undefined).then(() => this.#grow(length))
    return this.#growing
  }

  async #grow(length: number): Promise<void> {
    if (this.#length >= length) return
    // Zeros are appended: what somebody else has written at the end meanwhile is never overwritten.
    const file = await open(this.#path, 'a')
    try {
      this.#length = (await file.stat()).size
      while (this.#length < length) {
        const { bytesWritten } = await file.write(
          ZEROS,
          0,
          Math.min(length - this.#length, ZEROS.length),
        )
        this.#length += bytesWritten
      }
    } finally {
      await file.close()
    }
  }
}
