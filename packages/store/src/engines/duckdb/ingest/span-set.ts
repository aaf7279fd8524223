import { randomFillSync } from 'node:crypto'

/** Words of a trace id and a span id, as {@link wordsOf} has them. */
export type SpanWords = Uint32Array

/** Length of {@link SpanWords}. */
export const WORDS = 6
const LEAST_SLOTS = 1024
const WORD_BITS = 32

/** Spans in the order in which they were added, as words one after the other. */
export class SpanList {
  #words = new Uint32Array(LEAST_SLOTS * WORDS)
  #length = 0

  push(span: SpanWords): void {
    if (this.#length === this.#words.length) {
      const longer = new Uint32Array(this.#length * 2)
      longer.set(this.#words)
      this.#words = longer
    }
    this.#words.set(span, this.#length)
    this.#length += WORDS
  }

  *[Symbol.iterator](): Generator<SpanWords> {
    for (let at = 0; at < this.#length; at += WORDS) yield this.#words.subarray(at, at + WORDS)
  }
}

/** The trace id in four words and the span id in two, written into `into`. The ids are lower-case hex. */
export function wordsOf(traceId: string, spanId: string, into: SpanWords): SpanWords {
  for (let i = 0; i < 4; i++) into[i] = word(traceId, i * 8)
  into[4] = word(spanId, 0)
  into[5] = word(spanId, 8)
  return into
}

function word(hex: string, from: number): number {
  let bits = 0
  for (let i = from; i < from + 8; i++) {
    const code = hex.charCodeAt(i)
    // The letters are 9 above their last four bits.
    bits = (bits << 4) | ((code & 15) + (code >> 6) * 9)
  }
  return bits
}

/**
 * A set of spans, with open addressing and linear probing (Knuth, The Art of Computer Programming 3, 6.4). Hundreds
 * of thousands of ids in one typed array give the garbage collector nothing to do; a set of texts was a good part of it.
 * All words count for the slot: some senders number the spans of each trace alike. Strangers choose the ids but not the
 * slots they come to, by multiply-shift hashing with factors of this set's own (Dietzfelbinger and others, A Reliable
 * Randomized Algorithm for the Closest-Pair Problem, 1997).
 */
export class SpanSet {
  readonly #factors = randomFillSync(new Uint32Array(WORDS)).map((factor) => factor | 1)
  #slots = new Uint32Array(LEAST_SLOTS * WORDS)
  /** The highest bits of a hash are the number of a slot; this many are left out. */
  #shift = WORD_BITS - Math.log2(LEAST_SLOTS)
  #size = 0

  get size(): number {
    return this.#size
  }

  has(span: SpanWords): boolean {
    return !this.#isEmpty(this.#find(span))
  }

  /** @returns whether it is new. */
  add(span: SpanWords): boolean {
    const at = this.#find(span)
    if (!this.#isEmpty(at)) return false
    this.#slots.set(span, at)
    this.#size++
    if (this.#size * WORDS * 2 > this.#slots.length) this.#grow()
    return true
  }

  delete(span: SpanWords): void {
    let hole = this.#find(span)
    if (this.#isEmpty(hole)) return
    this.#size--
    const slots = this.#slots
    // What was put further because the hole was taken moves into it, or could not be found any more.
    for (let at = this.#after(hole); !this.#isEmpty(at); at = this.#after(at)) {
      const wanted = this.#home(slots, at)
      if (isWithin(wanted, hole, at)) continue
      slots.copyWithin(hole, at, at + WORDS)
      hole = at
    }
    slots.fill(0, hole, hole + WORDS)
  }

  /** Where the span is, or the empty slot where it would be. */
  #find(span: SpanWords): number {
    const slots = this.#slots
    let at = this.#home(span, 0)
    while (!this.#isEmpty(at)) {
      let same = 0
      while (same < WORDS && slots[at + same] === span[same]) same++
      if (same === WORDS) break
      at = this.#after(at)
    }
    return at
  }

  /** No span id is zero. */
  #isEmpty(at: number): boolean {
    return this.#slots[at + 4] === 0 && this.#slots[at + 5] === 0
  }

  #after(at: number): number {
    return at + WORDS === this.#slots.length ? 0 : at + WORDS
  }

  /** The slot of the span whose words begin at `from`, if nobody is in it yet. */
  #home(words: Uint32Array, from: number): number {
    const factors = this.#factors
    let hash = 0
    for (let i = 0; i < WORDS; i++) {
      hash = (hash + Math.imul(factors[i] ?? 0, words[from + i] ?? 0)) | 0
    }
    return (hash >>> this.#shift) * WORDS
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Uint32Array(before.length * 2)
    this.#shift--
    for (let at = 0; at < before.length; at += WORDS) {
      const span = before.subarray(at, at + WORDS)
      if (span[4] !== 0 || span[5] !== 0) this.#slots.set(span, this.#find(span))
    }
  }
}

/** Whether a slot lies after `hole` and not after `at`, going round. */
function isWithin(slot: number, hole: number, at: number): boolean {
  return hole <= at ? hole < slot && slot <= at : hole < slot || slot <= at
}
