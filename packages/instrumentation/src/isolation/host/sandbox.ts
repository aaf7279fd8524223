import type { Limits } from '../limits.ts'
import type { Program } from '../program.ts'

/** A world of its own in which a program runs. Frames go in and answers come out; see `codec/frames.ts`. */
export interface Sandbox {
  /**
   * Blocks until there is an answer.
   *
   * @throws {Trace2Error} `T2_CODE_LIMIT` where the code took too long or too much memory.
   */
  enter(text: string, timeMs: number): string
  /** As {@link enter}, without blocking. */
  enterLater(text: string, timeMs: number): Promise<string>
  /** Runs what the code left for later; the promise is settled when nothing is left. */
  work(timeMs: number): Promise<void>
  readonly hasWork: boolean
  /** Throws the world away. */
  close(): void
}

/** `serve` answers what the code asks of the program. */
export type OpenSandbox = (
  program: Program,
  limits: Limits,
  serve: (text: string) => string,
) => Sandbox
