/**
 * Calls a function for each item of a stream, so many at the same time, reading no further ahead than that. The
 * first error ends it: what is under way is waited for, nothing new begins.
 */
export async function forEachOf<T>(
  items: AsyncGenerator<T>,
  concurrency: number,
  each: (item: T) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    try {
      for (;;) {
        const next = await items.next()
        if (next.done) return
        await each(next.value)
      }
    } finally {
      await items.return(undefined)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, worker))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
