/** A set of spans. Two with one span id in different traces are rare, so ids alone are the key, unjoined. */
export class SpanSet {
  readonly #traces = new Map<string, string>()
  readonly #clashes = new Set<string>()

  get size(): number {
    return this.#traces.size + this.#clashes.size
  }

  has(traceId: string, spanId: string): boolean {
    const trace = this.#traces.get(spanId)
    if (trace === undefined) return false
    return trace === traceId || (this.#clashes.size > 0 && this.#clashes.has(traceId + spanId))
  }

  /** @returns whether it is new. */
  add(traceId: string, spanId: string): boolean {
    const other = this.#traces.get(spanId)
    if (other === undefined) {
      this.#traces.set(spanId, traceId)
      return true
    }
    if (other === traceId || this.#clashes.has(traceId + spanId)) return false
    this.#clashes.add(traceId + spanId)
    return true
  }
}
