import {
  incomparable,
  type RecordedCall,
  type RecordedRun,
  type ReplayPolicies,
} from '@trace2/instrumentation/replay'

/** How much of a run a replay can answer, as the record alone tells. */
export interface Replayability {
  /**
   * - `whole`: the record can answer every call.
   * - `part`: some calls run again, whatever is changed.
   * - `none`: the run has a call that must not run and that cannot be answered.
   */
  readonly extent: 'whole' | 'part' | 'none'
  /** Number of recorded calls, without the run itself. */
  readonly calls: number
  /** Number of these calls that the record can answer. */
  readonly answerable: number
  /** What stands in the way, the most serious first; the same of one operator once. */
  readonly obstacles: readonly ReplayObstacle[]
}

/** What prevents the calls of an operator from being answered. */
export interface ReplayObstacle {
  /** Name of the operator. */
  readonly op: string
  /** Number of calls that it concerns. */
  readonly calls: number
  /** The reason, in half a sentence. */
  readonly reason: string
  /** Whether the replay ends at such a call, because nothing may run in its place. */
  readonly isFatal: boolean
}

/**
 * Says how much of a run a replay can answer, before anything runs. A call inside of another call that has an answer
 * needs no answer of its own. It is counted all the same, because a change may make the outer call run.
 */
export function replayability(recorded: RecordedRun, policies: ReplayPolicies): Replayability {
  const obstacles = new Map<
    string,
    { op: string; calls: number; reason: string; isFatal: boolean }
  >()
  let calls = 0
  let answerable = 0
  for (const [index, call] of recorded.calls.entries()) {
    if (index === recorded.root || !call.isLocal) continue
    calls++
    const found = obstacleOf(call, policies)
    if (!found) {
      answerable++
      continue
    }
    const key = JSON.stringify([call.op, found.reason])
    const known = obstacles.get(key)
    if (known) known.calls++
    else obstacles.set(key, { op: call.op, calls: 1, ...found })
  }
  for (const { name, calls: count } of recorded.outside ?? []) {
    const reason = 'it was recorded by another instrumentation and runs again'
    obstacles.set(`outside ${name}`, { op: name, calls: count, reason, isFatal: false })
  }
  const found = [...obstacles.values()].sort((a, b) => Number(b.isFatal) - Number(a.isFatal))
  if (recorded.calls.length === 0) {
    const reason = 'the run has no call of an operator'
    return {
      extent: 'none',
      calls,
      answerable,
      obstacles: [{ op: '', calls: 0, reason, isFatal: true }],
    }
  }
  const extent = found.some(({ isFatal }) => isFatal) ? 'none' : found.length > 0 ? 'part' : 'whole'
  return { extent, calls, answerable, obstacles: found }
}

function obstacleOf(
  { op, inputs, outcome, hasEffects, volatile }: RecordedCall,
  policies: ReplayPolicies,
): { readonly reason: string; readonly isFatal: boolean } | undefined {
  const policy = Object.hasOwn(policies, op) ? policies[op] : undefined
  const rule = typeof policy === 'string' ? { use: policy } : (policy ?? {})
  if (rule.stub !== undefined) return undefined
  const isFatal = hasEffects || rule.use === 'recorded'
  if (rule.use === 'live' && !hasEffects) return { reason: 'it always runs (`live`)', isFatal }
  if (outcome.kind === 'lost') return { reason: outcome.reason, isFatal }
  const blind = incomparable(inputs, new Set([...volatile, ...(rule.volatile ?? [])]))
  return blind === undefined
    ? undefined
    : { reason: `its input ${blind} cannot be compared`, isFatal }
}
