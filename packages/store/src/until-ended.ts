import { raise } from './errors.ts'

/**
 * What a source gives, until a signal ends it: nothing more is asked of the source then.
 *
 * @throws {Trace2Error} `T2_SQL_ENDED` where the signal ends it, whether the source has an answer or not.
 */
export async function* untilEnded<T>(
  source: AsyncIterable<T>,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  if (!signal) {
    yield* source
    return
  }
  const iterator = source[Symbol.asyncIterator]()
  let refuse: (error: Error) => void = () => undefined
  const end = () => refuse(raise('T2_SQL_ENDED', 'Reading was ended: its signal said so.'))
  // One promise for each answer: a race against one that lasts would remember every answer.
  const answer = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      refuse = reject
      if (signal.aborted) end()
      else iterator.next().then(resolve, reject)
    })
  signal.addEventListener('abort', end)
  try {
    for (let next = await answer(); !next.done; next = await answer()) yield next.value
  } finally {
    signal.removeEventListener('abort', end)
    // What the source is still about ends by itself: whoever stops does not wait for it.
    Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}
