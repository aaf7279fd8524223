/** A step of the code that nobody blocks for: a timer's, a promise's, one of an asynchronous generator. */
export interface Turn {
  begin(): void
  /** It will never begin. */
  refuse(reason: unknown): void
}

/** Steps that wait until nothing else of the code runs, in order: as in one thread, none begins amid another. */
export class Turns {
  readonly #waiting = new Set<Turn>()

  add(turn: Turn): void {
    this.#waiting.add(turn)
  }

  drop(turn: Turn): void {
    this.#waiting.delete(turn)
  }

  next(): Turn | undefined {
    for (const turn of this.#waiting) {
      this.#waiting.delete(turn)
      return turn
    }
    return undefined
  }

  refuseAll(reason: unknown): void {
    for (let turn = this.next(); turn; turn = this.next()) turn.refuse(reason)
  }
}
