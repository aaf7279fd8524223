/** The lines of a text, for finding places in it without going through it each time. */
export class Lines {
  readonly #starts: readonly number[]

  constructor(text: string) {
    const starts = [0]
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    this.#starts = starts
  }

  /** The line of a position, counted from 1. */
  lineOf(position: number): number {
    return countUpTo(this.#starts, position, (start) => start)
  }

  /** The position of a line and column, both counted from 1. */
  positionOf(line: number, column: number): number {
    return (this.#starts[line - 1] ?? Number.POSITIVE_INFINITY) + column - 1
  }
}

/** How many of the items, in ascending order of their position, are at most at `limit`. */
export function countUpTo<T>(
  items: readonly T[],
  limit: number,
  positionOf: (item: T) => number,
): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && positionOf(item) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
