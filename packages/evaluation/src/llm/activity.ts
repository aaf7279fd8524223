/** What models are being asked at this moment. */
export interface LlmActivity {
  /** Number of calls that have ended, with an answer or without one. */
  readonly done: number
  /** Number of calls that are known so far: ended, under way, or waiting for their turn. */
  readonly known: number
  /**
   * Number of tokens of unfinished answers that have come so far, if the endpoint streams. Estimated as a quarter of
   * the characters.
   */
  readonly tokens: number
}

const charactersOfToken = 4

/** Keeps account of calls, and tells whoever watches of each change. */
export class Activity {
  readonly #tell: ((activity: LlmActivity) => void) | undefined
  readonly #underway = new Map<symbol, number>()
  #done = 0
  #known = 0

  constructor(tell: ((activity: LlmActivity) => void) | undefined) {
    this.#tell = tell
  }

  get isWatched(): boolean {
    return this.#tell !== undefined
  }

  /** A call that will be made in its turn. */
  expect(): { text(characters: number): void; end(): void } {
    const call = Symbol('call')
    this.#known++
    this.#report()
    return {
      text: (characters) => {
        this.#underway.set(call, characters)
        this.#report()
      },
      end: () => {
        this.#underway.delete(call)
        this.#done++
        this.#report()
      },
    }
  }

  #report(): void {
    if (!this.#tell) return
    const characters = [...this.#underway.values()].reduce((sum, each) => sum + each, 0)
    const tokens = Math.round(characters / charactersOfToken)
    this.#tell({ done: this.#done, known: this.#known, tokens })
  }
}
