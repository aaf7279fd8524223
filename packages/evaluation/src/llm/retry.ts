import { setTimeout as pause } from 'node:timers/promises'
import type { Failure } from './failure.ts'

/** Longest that a call waits by itself because an endpoint says so. */
const longestWaitMs = 60_000
const firstWaitMs = 500
const longestBackoffMs = 8000

/**
 * Milliseconds after which a call is worth another attempt, or `undefined` where it is not: an endpoint that is busy, that
 * failed by itself or whose connection broke may answer next time. What it refused, and what took too long already, it
 * is not asked again.
 */
export function retryDelay(
  { kind, words, retryAfterMs }: Failure,
  attempts: number,
): number | undefined {
  if (kind !== 'rate' && kind !== 'server' && kind !== 'dropped') return undefined
  // More than a whole minute's share never fits into one.
  if (kind === 'rate' && /request too large/i.test(words)) return undefined
  if (retryAfterMs !== undefined) return retryAfterMs <= longestWaitMs ? retryAfterMs : undefined
  // Calls that failed together do not come back together.
  return Math.min(firstWaitMs * 2 ** attempts, longestBackoffMs) * (1 - Math.random() / 4)
}

/** Waits, unless it is stopped. */
export async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(milliseconds, undefined, signal ? { signal } : {})
}
