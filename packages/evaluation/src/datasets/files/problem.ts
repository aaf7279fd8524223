import { Trace2Error } from '@trace2/core'

/** A line of a file that is no case. */
export interface LineProblem {
  /** Number of the line. The first line is 1. */
  readonly line: number
  /** Stable code of the problem. */
  readonly code: string
  /** What is wrong, in a sentence. */
  readonly message: string
}

/** Problems that are kept; the others are counted. */
const mostKept = 100

/** Collects what is wrong with single lines, so that the others can be taken. */
export class LineProblems {
  readonly kept: LineProblem[] = []
  count = 0

  add(line: number, { code, message }: Trace2Error): void {
    this.count++
    if (this.kept.length < mostKept) this.kept.push({ line, code, message })
  }

  /** What `read` returns; where it throws for the line's content, the line is noted. */
  try<T>(line: number, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Trace2Error)) throw error
      this.add(line, error)
      return undefined
    }
  }
}
