/** What the program's thread and a sandbox's thread tell one another. */

export interface WorldOrder {
  /** Number of the program, whose text is sent once. */
  readonly program: number
  readonly text: string | undefined
  readonly memoryBytes: number
  readonly timeMs: number
}

export type ToThread =
  | {
      readonly kind: 'enter' | 'work'
      readonly world: number
      readonly request: number
      /** What the world is made of, where it is new. */
      readonly order: WorldOrder | undefined
      readonly text: string
      /** Milliseconds that the code waited for a timer since the last request. */
      readonly spent: number
    }
  | { readonly kind: 'reply'; readonly ask: number; readonly text: string }
  | { readonly kind: 'close'; readonly world: number }

export type FromThread =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'answer'
      readonly world: number
      readonly request: number
      readonly text: string
      /** Why there is no text. */
      readonly fault: string | undefined
      /** Where the code was then, in the words of the engine. */
      readonly place: string
      readonly left: number
      readonly hasWork: boolean
    }
  | {
      readonly kind: 'ask'
      readonly world: number
      readonly ask: number
      readonly text: string
      readonly left: number
    }
  /** The engine itself broke: the thread is of no more use. */
  | { readonly kind: 'broken'; readonly reason: string }

/** What a thread begins with. */
export interface ThreadData {
  readonly harness: string
  /** Counts messages to the thread and from it, so that each side can sleep until there is one. */
  readonly signals: Int32Array
}

export const toThread = 0
export const fromThread = 1
/** The number of the last request whose code began to run: what is made ready before is not the code's time. */
export const started = 2
