import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const gc: unknown = runInNewContext('gc')

/** Collects garbage now, and lets finalizers run. */
export async function collectGarbage(): Promise<void> {
  if (typeof gc !== 'function') throw new Error('this runtime has no gc()')
  // What a WeakRef gave out is kept until the turn is over.
  await new Promise((done) => setTimeout(done, 0))
  gc()
  await new Promise((done) => setTimeout(done, 10))
}
