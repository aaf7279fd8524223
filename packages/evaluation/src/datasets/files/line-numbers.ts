const lineFeed = 0x0a

/** Tells on which line of a stream a byte is: a parser of records knows bytes, people look for lines. */
export class LineNumbers {
  /** Where each line but the first begins. */
  readonly #starts: number[] = []
  #bytes = 0

  /** Passes the chunks on, and notes their lines. */
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) {
        this.#starts.push(this.#bytes + at + 1)
      }
      this.#bytes += chunk.length
      yield chunk
    }
  }

  /** The line of a byte that has passed, from 1. */
  at(byte: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= byte) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
