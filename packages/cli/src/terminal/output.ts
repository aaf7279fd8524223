import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Trace2Error } from '@trace2/core'
import { raise } from '../errors.ts'

/** What is written to, as far as it is watched. */
export interface Outputs {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  exit(): void
}

/**
 * Watches whether what is written arrives. A reader that has seen enough (`| head`) closes the pipe: that is no error, and
 * there is nothing more to do.
 *
 * @returns what waits until all is written, and gives why standard output took not all of it, if that is so.
 */
export function watchOutput({ stdout, stderr, exit }: Outputs): () => Promise<Error | undefined> {
  let lost: Error | undefined
  const failed = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') exit()
    else lost ??= error
  }
  stdout.on('error', failed)
  // Nothing is left to say it on.
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') exit()
  })
  return async () => {
    await new Promise<void>((resolve) => stdout.write('', () => resolve()))
    // A stream tells of an error in a turn after the one in which it calls back.
    await nextTurn()
    return lost
  }
}

/** Says that the result of a command is lost. */
export function outputError(cause: Error): Trace2Error {
  return raise('T2_OUTPUT', `The output could not be written: ${cause.message}.`, { cause })
}
