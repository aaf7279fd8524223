import { readlinkSync } from 'node:fs'

/** Of no entry. */
export const NOTHING = 0
/** Of what did not come by way of the journal. */
export const DIRECT = -1

/** What is being read, how often that has changed, and the system's number of the thread that reads. */
const WORDS = 3

export function readingMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * BigInt64Array.BYTES_PER_ELEMENT)
}

/** Which entry of the journal a thread reads: it answers nobody meanwhile, so that another one has to look. */
export class ReadingMark {
  readonly #words: BigInt64Array

  constructor(memory: SharedArrayBuffer) {
    this.#words = new BigInt64Array(memory)
  }

  /** To be called in the thread that reads, first of all. */
  introduce(): void {
    Atomics.store(this.#words, 2, BigInt(threadNumber() ?? 0))
  }

  /** @param entry its number in the journal, {@link DIRECT} or {@link NOTHING}. */
  put(entry: number): void {
    Atomics.store(this.#words, 0, BigInt(entry))
    Atomics.add(this.#words, 1, 1n)
  }

  get(): { readonly entry: number; readonly turn: bigint; readonly thread: number } {
    const [entry, turn, thread] = [0, 1, 2].map((word) => Atomics.load(this.#words, word))
    return { entry: Number(entry), turn: turn ?? 0n, thread: Number(thread) }
  }
}

/** The system's number of the thread that calls, where threads have one that can be known. */
export function threadNumber(): number | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const [, thread] = /\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? []
    return thread === undefined ? undefined : Number(thread)
  } catch {
    return undefined
  }
}
