/** Characters of texts that are remembered to compare others with; at most twice as many. */
export const mostCharacters = 16 * 1024 * 1024

/**
 * Something about the primitives met last, by value: of a number of them at least, and of fewer where their texts have more
 * than 16 Mi characters together. At most twice as much is kept.
 */
export class RecentValues<T> {
  #recent = new Map<unknown, T>()
  #older = new Map<unknown, T>()
  #characters = 0
  readonly #mostValues: number

  constructor(mostValues: number) {
    this.#mostValues = mostValues
  }

  clear(): void {
    this.#recent = new Map()
    this.#older = new Map()
    this.#characters = 0
  }

  get(value: unknown): T | undefined {
    return this.#recent.get(value) ?? this.#older.get(value)
  }

  set(value: unknown, about: T): void {
    if (!this.#recent.has(value)) {
      const length = typeof value === 'string' ? value.length : 0
      if (this.#recent.size >= this.#mostValues || this.#characters + length > mostCharacters) {
        this.#older = this.#recent
        this.#recent = new Map()
        this.#characters = 0
      }
      this.#characters += length
    }
    this.#recent.set(value, about)
  }
}
