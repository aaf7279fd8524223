import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Figure, isFigure } from './figure.ts'

/** An option of the program: measure in this process, and hand the figures to the one that has started it. */
export const ONCE = '--once'

/**
 * Runs a measurement in a process of its own, so that none profits from code that an earlier one has compiled.
 *
 * @throws {Error} where the process fails.
 */
export async function measureApart(name: string): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  const child = fork(process.argv[1] ?? '', [ONCE, name], { stdio: 'inherit' })
  child.on('message', (message) => {
    if (isFigure(message)) figures.push(message)
  })
  const [code, signal] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The measurement ${name} ended with ${signal ?? code}.`)
  return figures
}
