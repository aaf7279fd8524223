import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** A heap that is larger belongs to more than a collector, and going through it takes long. */
const MOST_BYTES = 256 * 1024 ** 2

let collector: (() => void) | undefined

/**
 * Collects the garbage of this thread, which makes its heap as small as it can be: V8 does not do so by itself while a
 * thread has nothing to do. It takes 50 ms or so, and is left out where the heap is large or V8 does not offer it.
 */
export function collectGarbage(): void {
  if (getHeapStatistics().total_physical_size > MOST_BYTES) return
  collector ??= findCollector()
  collector()
}

/** V8 gives it to what is made while the flag is set; nothing else of the process sees it. */
function findCollector(): () => void {
  try {
    setFlagsFromString('--expose-gc')
    const found: unknown = runInNewContext('gc')
    return typeof found === 'function' ? () => void Reflect.apply(found, undefined, []) : () => {}
  } catch {
    return () => {}
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}
