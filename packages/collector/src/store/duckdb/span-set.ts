/** A set of spans. Two with one span id in different traces are rare, so ids alone are the key, unjoined. */
export class SpanSet {
  readonly #traces = new Map<string, string>()
  readonly #clashes = new Set<string>()

  get size(): number {
    return this.#traces.size + this.#clashes.size
  }

  has(traceId: string, spanId: string): boolean {
    if (this.#traces.get(spanId) === traceId) return true
    return this.#clashes.size > 0 && this.#clashes.has(traceId + spanId)
  }

  /** @returns whether it is new. */
  add(traceId: string, spanId: string): boolean {
    const other = this.#traces.get(spanId)
    if (other === traceId || (this.#clashes.size > 0 && this.#clashes.has(traceId + spanId))) {
      return false
    }
    if (other === undefined) this.#traces.set(spanId, traceId)
    else this.#clashes.add(traceId + spanId)
    return true
  }

  delete(traceId: string, spanId: string): void {
    if (this.#traces.get(spanId) === traceId) this.#traces.delete(spanId)
    else this.#clashes.delete(traceId + spanId)
  }
}
