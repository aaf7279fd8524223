/** Longest that one text may hold up others, in milliseconds: a part for any, and one for its length. */
const TEXT_MS = 1000
const CHARACTERS_PER_MS = 1024
/** Longest that the texts of one request may take together. */
const REQUEST_MS = 2000
const BYTES_PER_MS = 10_000
/**
 * Most that a text counts for, however long it took: that of one that is looked through a hundred times as slowly as usual. On a
 * busy machine most of the time that passes is somebody else's.
 */
const COUNTED_MS = 20
const CHARACTERS_PER_COUNTED_MS = 20

/** Says when the time for a request, or for one text of it, is over. Only time that is spent on texts counts. */
export class TimeLimit {
  readonly #limit: number
  #spent = 0
  #began = 0
  #textLimit = 0
  #checks = 0
  #late = false

  /** @param bytes Size of the request; `Infinity` sets no limit beyond that of each text. */
  constructor(bytes: number) {
    this.#limit = REQUEST_MS + bytes / BYTES_PER_MS
  }

  /** Whether the request has had its time. */
  get isOver(): boolean {
    return this.#spent > this.#limit
  }

  /** Runs what looks through a text of so many characters. */
  during<T>(length: number, look: (isLate: () => boolean) => T): T {
    this.#began = performance.now()
    this.#textLimit = Math.min(TEXT_MS + length / CHARACTERS_PER_MS, this.#limit - this.#spent)
    this.#checks = 0
    this.#late = false
    try {
      return look(this.#isLate)
    } finally {
      const most = COUNTED_MS + length / CHARACTERS_PER_COUNTED_MS
      this.#spent += Math.min(performance.now() - this.#began, most)
    }
  }

  readonly #isLate = (): boolean => {
    // Reading the clock costs as much as looking through a short text.
    if (!this.#late && this.#checks++ % 8 === 7) {
      this.#late = performance.now() - this.#began > this.#textLimit
    }
    return this.#late
  }
}
