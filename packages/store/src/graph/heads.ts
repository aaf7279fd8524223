import { compareText } from './acyclic.ts'

/** What a run's head is told by. */
export interface HeadCandidate {
  readonly traceId: string
  readonly spanId: string
  readonly parent: string | null
  /** `true` for a `run` span. */
  readonly run: boolean
  readonly startedAt: string
}

/**
 * The runs of one trace with the span that stands for each: every run span where there are several, otherwise the
 * trace as a whole with its run span, else a root, else a span whose parent is missing, else any. `head.sql` says the
 * same of all traces at once.
 */
export function headsOf(spans: readonly HeadCandidate[]): Map<string, string> {
  const runs = spans.filter(({ run }) => run)
  if (runs.length > 1) {
    return new Map(runs.map(({ traceId, spanId }) => [`${traceId}:${spanId}`, spanId]))
  }
  const [only] = runs
  if (only) return new Map([[only.traceId, only.spanId]])
  const stored = new Set(spans.map(({ spanId }) => spanId))
  const rank = ({ parent }: HeadCandidate) => (parent === null ? 0 : stored.has(parent) ? 2 : 1)
  let head: HeadCandidate | undefined
  for (const span of spans) {
    if (!head || before(span, head)) head = span
  }
  return new Map(head && [[head.traceId, head.spanId]])

  function before(a: HeadCandidate, b: HeadCandidate): boolean {
    const order =
      rank(a) - rank(b) || compareText(a.startedAt, b.startedAt) || compareText(a.spanId, b.spanId)
    return order < 0
  }
}
