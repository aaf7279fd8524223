/** What a terminal is written to: a stream of the process, or of a test. */
export interface OutputStream extends NodeJS.WritableStream {
  /** Whether a person may be looking at it. */
  readonly isTTY?: boolean
  /** Width, where it has one. */
  readonly columns?: number
}
