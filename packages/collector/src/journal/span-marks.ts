interface Mark {
  readonly number: number
  readonly spans: number
}

/** How many spans there are in the entries below some numbers of a journal, from the places that were passed. */
export class SpanMarks {
  #marks: Mark[] = []

  /** @param spans in the entries below a number. */
  add(number: number, spans: number): void {
    if (number > (this.#marks.at(-1)?.number ?? 0)) this.#marks.push({ number, spans })
  }

  /** Spans below the last mark that is not beyond a number; 0 where there is none. Forgets the marks before that. */
  at(number: number): number {
    const last = this.#marks.findLastIndex((mark) => mark.number <= number)
    if (last > 0) this.#marks = this.#marks.slice(last)
    return last < 0 ? 0 : (this.#marks[0]?.spans ?? 0)
  }
}
