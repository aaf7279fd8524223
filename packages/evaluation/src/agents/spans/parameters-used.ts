import type { SpanRecord } from '@trace2/store/otlp'
import { canonicalRows } from '@trace2/store/reading'

/**
 * The parameters that spans say were used, each with the versions that were: the first 16 hex digits of the hash of the
 * value. One that is not among them had no part in the run, whatever it was set to.
 */
export function parametersUsed(
  spans: readonly SpanRecord[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>()
  for (const { uses } of spans.map((span) => canonicalRows(span))) {
    for (const { name, version } of uses) {
      const versions = used.get(name)
      if (versions) versions.add(version)
      else used.set(name, new Set([version]))
    }
  }
  return used
}
