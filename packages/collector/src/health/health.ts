import { counted } from '@trace2/core'
import type { CollectorStats } from './stats.ts'

/** How ready a collector is. */
export interface Readiness {
  /** What keeps it from taking requests; nothing when it is ready. */
  readonly reasons: readonly string[]
  /** What somebody has to look at, though requests are taken. */
  readonly warnings: readonly string[]
}

/** `/healthz`: the process answers, and proves to who knows its id that it owns a database. */
export function answerHealth(ownership: (() => string) | undefined): Response {
  return Response.json({ status: 'ok', ...(ownership ? { owner: ownership() } : {}) })
}

/** `/readyz`: 200 when requests are taken, 503 with the reasons when they are not; with warnings in either case. */
export function answerReadiness({ reasons, warnings }: Readiness): Response {
  const ready = reasons.length === 0
  return Response.json({ ready, reasons, warnings }, { status: ready ? 200 : 503 })
}

/** Part of the journal's quota at which the next request may be one too many. */
const NEARLY_FULL = 0.98

/** What {@link answerReadiness} tells of a collector. */
export function readinessOf(stats: CollectorStats, closing: boolean): Readiness {
  const warnings = stats.incidents.map(({ at, message }) => `${at}: ${message}`)
  const { refusedRetention, unstored } = stats
  if (unstored > 0) {
    const be = unstored === 1 ? 'is' : 'are'
    warnings.push(
      `${counted(unstored, 'request')} could not be stored, and ${be} kept in unstored, in the journal’s directory: trace2 doctor says what to do`,
    )
  }
  if (refusedRetention !== undefined) warnings.push(refusedRetention)
  return { reasons: unreadiness(stats, closing), warnings }
}

/**
 * Reasons for {@link answerReadiness}: it is closing, the journal has no room, or the store takes nothing from it.
 * Requests are still acknowledged in the last case, for as long as the journal has room.
 */
function unreadiness({ journal, store }: CollectorStats, closing: boolean): string[] {
  const reasons: string[] = []
  if (closing) reasons.push('the collector is closing')
  if (journal?.removed) reasons.push('the journal was removed: start the collector anew')
  if (journal && journal.bytes >= NEARLY_FULL * journal.quotaBytes)
    reasons.push('the journal is full')
  if (store.problem !== undefined) reasons.push(store.problem)
  return reasons
}
