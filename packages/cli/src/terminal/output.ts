import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Trace2Error } from '@trace2/core'
import { raise } from '../errors.ts'

/** What is written to, as far as it is watched. */
export interface Outputs {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  exit(): void
}

export interface WatchedOutput {
  /** From now on closed pipes do not end the process. */
  serve(): void
  /** Waits until all is written, and gives why standard output took not all of it, if that is so. */
  written(): Promise<Error | undefined>
}

/**
 * Watches whether what is written arrives. A reader that has seen enough (`| head`) closes the pipe: that is no error, and
 * there is nothing more to do.
 *
 */
export function watchOutput({ stdout, stderr, exit }: Outputs): WatchedOutput {
  let lost: Error | undefined
  let isServing = false
  const closed = () => {
    if (!isServing) exit()
  }
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed()
    else lost ??= error
  })
  // Nothing is left to say it on.
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed()
  })
  return {
    serve() {
      isServing = true
    },
    async written() {
      await new Promise<void>((resolve) => stdout.write('', () => resolve()))
      // A stream tells of an error in a turn after the one in which it calls back.
      await nextTurn()
      return lost
    },
  }
}

/** Says that the result of a command is lost. */
export function outputError(cause: Error): Trace2Error {
  return raise('T2_OUTPUT', `The output could not be written: ${cause.message}.`, { cause })
}
