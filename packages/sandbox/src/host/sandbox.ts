import type { Trace2Error } from '@trace2/core'
import type { Limits } from '../limits.ts'
import type { Program } from '../program.ts'

/** A world of its own in which a program runs. Frames go in and answers come out; see `codec/frames.ts`. */
export interface Sandbox {
  /** Milliseconds that the code may still run. */
  readonly timeLeft: number
  /** Whether the code left something for later: reactions of promises. */
  readonly hasWork: boolean
  /**
   * Blocks until there is an answer.
   *
   * @throws {Trace2Error} `T2_CODE_LIMIT` where the code took too long or too much memory.
   */
  enter(text: string): string
  /** As {@link enter}, without blocking. The answer is read before anything that the code asks after it. */
  enterLater<T>(text: string, read: (answer: string) => T): Promise<T>
  /** Blocks until what was asked for without blocking is done; then runs what that left for later. */
  finish(): void
  /** Runs what the code left for later; the promise is settled when nothing is left. */
  work(): Promise<void>
  /** The code waited for this many milliseconds. */
  spend(milliseconds: number): void
  /** Throws the world away. */
  close(): void
}

/** What the program does for a sandbox. */
export interface Service {
  /** Answers what the code asks. */
  serve(text: string): string
  /** The sandbox is gone. */
  fail(error: Trace2Error): void
}

export type OpenSandbox = (program: Program, limits: Limits, service: Service) => Sandbox
