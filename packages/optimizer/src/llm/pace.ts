import { setTimeout } from 'node:timers/promises'

/** Waits until another call may begin, so that at most so many begin in any minute. */
export function paceOf(callsPerMinute?: number): (signal?: AbortSignal) => Promise<void> {
  if (callsPerMinute === undefined) return async () => {}
  const interval = 60_000 / callsPerMinute
  let next = 0
  return async (signal) => {
    const now = performance.now()
    const begin = Math.max(now, next)
    next = begin + interval
    if (begin > now) await setTimeout(begin - now, undefined, signal ? { signal } : {})
  }
}
