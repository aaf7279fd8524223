import type { SpanRecord } from '@trace2/store/otlp'
import { versionsUsed } from '@trace2/store/reading'

/**
 * Returns the parameters that spans say a run used, each with its versions (the first 16 hex digits of the hash of the
 * value). A parameter that is not among them had no effect on the run.
 */
export function parametersUsed(
  spans: readonly SpanRecord[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>()
  for (const { name, version } of versionsUsed(spans)) {
    const versions = used.get(name)
    if (versions) versions.add(version)
    else used.set(name, new Set([version]))
  }
  return used
}
