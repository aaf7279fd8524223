import { SpanSet, type SpanWords } from './span-set.ts'

const GENERATION = 200_000

interface Generation {
  readonly spans: SpanSet
  /** Latest start of a span in it. */
  latest: bigint
}

/**
 * Which spans are stored, as far as it is known without asking the database: every stored span that started after
 * `horizon` is in one of two generations. Memory stays bounded: when a generation is full, the older one is
 * forgotten and the horizon moves up to the latest start in it.
 */
export class KnownSpans {
  #young = emptyGeneration()
  #old = emptyGeneration()
  #horizon: bigint

  /** @param horizon latest start of a span stored before this process began. */
  constructor(horizon: bigint) {
    this.#horizon = horizon
  }

  /** Whether a span that is not known here may yet be stored. */
  mayBeStored(startNs: bigint): boolean {
    return startNs <= this.#horizon
  }

  /** @returns whether it was unknown. */
  add(span: SpanWords, startNs: bigint): boolean {
    if (this.#old.spans.has(span)) return false
    if (!this.#young.spans.add(span)) return false
    if (startNs > this.#young.latest) this.#young.latest = startNs
    if (this.#young.spans.size >= GENERATION) {
      if (this.#old.latest > this.#horizon) this.#horizon = this.#old.latest
      this.#old = this.#young
      this.#young = emptyGeneration()
    }
    return true
  }

  /** To be called of a span that was not stored after all. */
  delete(span: SpanWords): void {
    this.#young.spans.delete(span)
    this.#old.spans.delete(span)
  }
}

function emptyGeneration(): Generation {
  return { spans: new SpanSet(), latest: 0n }
}
