import { writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/** Most bytes of a line begun that wait for a reader. A line is longer than this only if it is very long itself. */
const mostRest = 64 * 1024

/**
 * Writes lines to a file descriptor at once, so that the last words before an end are not lost. A line that cannot be
 * written, on a full disk or to a pipe that nobody reads, is given up: a log is no reason to end or to wait. How many
 * were given up stands in the log as soon as it takes lines again.
 */
export function logStream(
  fd: number,
  write: (fd: number, bytes: Uint8Array) => number = writeSync,
): DestinationStream {
  let lost = 0
  let rest: Uint8Array = new Uint8Array()
  /** Writes as much as is taken; gives what is left. */
  const put = (bytes: Uint8Array): Uint8Array => {
    let left = bytes
    try {
      while (left.length > 0) left = left.subarray(write(fd, left))
    } catch {
      // What is left says that it failed.
    }
    return left
  }
  return {
    write(line) {
      rest = put(rest)
      const isOpen = rest.length === 0
      const told = lost > 0 ? `${JSON.stringify({ ...givenUp, lines: lost })}\n` : ''
      const bytes = Buffer.from(told + line)
      const left = isOpen ? put(bytes) : bytes
      if (left.length === bytes.length) {
        lost++
        return
      }
      // Of a line that is too long to keep only its end is written.
      lost = left.length > mostRest ? 1 : 0
      rest = left.length > mostRest ? lineEnd : Buffer.from(left)
    },
  }
}

const lineEnd = Buffer.from('\n')
const givenUp = { level: 'warn', msg: 'lines of this log could not be written' }
