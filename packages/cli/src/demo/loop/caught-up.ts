import { setTimeout as pause } from 'node:timers/promises'
import type { Collector } from '@trace2/collector'

const betweenMs = 20
const longestMs = 60_000

/**
 * Waits until everything that a collector has taken is in its store: it acknowledges what is durable, which can be read a
 * moment later. After a minute without an end it is gone on with what is there.
 */
export async function caughtUp(
  collector: Pick<Collector, 'stats'>,
  longest = longestMs,
): Promise<void> {
  const isBehind = () => collector.stats().consumers.some(({ backlog }) => backlog > 0)
  for (const end = Date.now() + longest; isBehind() && Date.now() < end; ) await pause(betweenMs)
}
