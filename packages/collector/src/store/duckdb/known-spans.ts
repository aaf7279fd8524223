const GENERATION = 200_000

/**
 * Which spans are stored, as far as it is known without asking the database: every stored span that started after
 * `horizon` is in one of two generations of keys. Memory stays bounded: when a generation is full, the older one
 * is forgotten and the horizon moves up to the latest start in it.
 */
export class KnownSpans {
  #young = new Map<string, bigint>()
  #old = new Map<string, bigint>()
  #horizon: bigint

  /** @param horizon latest start of a span stored before this process began. */
  constructor(horizon: bigint) {
    this.#horizon = horizon
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  /** Whether a span that is not known here may yet be stored. */
  mayBeStored(startNs: bigint): boolean {
    return startNs <= this.#horizon
  }

  add(key: string, startNs: bigint): void {
    this.#young.set(key, startNs)
    if (this.#young.size < GENERATION) return
    for (const start of this.#old.values()) if (start > this.#horizon) this.#horizon = start
    this.#old = this.#young
    this.#young = new Map()
  }
}
