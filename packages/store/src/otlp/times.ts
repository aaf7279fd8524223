import { SpanRejection } from './rejection.ts'

/**
 * The first time that a store cannot show, in nanoseconds since 1970: 11 April 2262, 00:00 UTC. DuckDB's timestamps of
 * nanoseconds end on that day.
 */
export const TIME_END_NS = 9_223_286_400_000_000_000n

/** The time of a span or a log. */
export function shownTime(name: string, ns: bigint): bigint {
  if (ns < TIME_END_NS) return ns
  throw new SpanRejection(`${name} is ${ns} ns, which is after 10 April 2262`)
}

/** Start and end of a span. One that has no start began, as far as anybody knows, when it ended: not in 1970. */
export function spanTimes(
  startNs: bigint,
  endNs: bigint,
): { readonly startNs: bigint; readonly endNs: bigint } {
  const start = shownTime('startTimeUnixNano', startNs)
  const end = shownTime('endTimeUnixNano', endNs)
  return { startNs: start === 0n ? end : start, endNs: end }
}
