import type { Candidate, Trial } from '@trace2/collector/store'
import { counted } from '@trace2/instrumentation/semconv'

/** Trials that all fail before it is taken for a fault of the set-up. */
const failuresInARow = 5
/** Cases on which a candidate's values are not used before it is taken for one that the agent does not know. */
const casesWithoutUse = 10

/** Looks at trials as they end, for what makes all further ones useless. */
export class Alarms {
  #failures = 0
  #succeeded = false
  readonly #changed: readonly string[]
  readonly #unusedOn = new Map<string, Set<string>>()
  readonly #usedBy = new Set<string>()

  /** @param changed parameters in which the candidates differ. */
  constructor(changed: readonly string[]) {
    this.#changed = changed
  }

  /** Why the experiment should stop; `undefined` where it may go on. */
  look(trial: Trial, candidate: Candidate): string | undefined {
    return this.#lookForFaults(trial) ?? this.#lookForUse(trial, candidate)
  }

  #lookForFaults({ outcome, reason, cached }: Trial): string | undefined {
    if (this.#succeeded || cached) return undefined
    if (outcome === 'not reproducible' || outcome === 'not replayable') return undefined
    if (outcome === 'done' || outcome === 'diverged') {
      this.#succeeded = true
      return undefined
    }
    this.#failures++
    if (this.#failures < failuresInARow) return undefined
    return `The first ${counted(this.#failures, 'trial')} have all failed, the last one so: ${outcome}${reason === null ? '' : `: ${reason}`}`
  }

  #lookForUse(trial: Trial, candidate: Candidate): string | undefined {
    const { outcome, used } = trial
    if (outcome !== 'done' || used === null || this.#usedBy.has(candidate.id)) return undefined
    if (this.#changed.some((name) => used.includes(name))) {
      this.#usedBy.add(candidate.id)
      return undefined
    }
    const cases = this.#unusedOn.get(candidate.id) ?? new Set()
    cases.add(trial.case)
    this.#unusedOn.set(candidate.id, cases)
    if (cases.size < casesWithoutUse) return undefined
    return neverUsed(candidate, this.#changed, cases.size)
  }

  /** What should be said of candidates whose values no trial has used. */
  unused(candidates: readonly Candidate[]): ReadonlyMap<string, string> {
    return new Map(
      candidates.flatMap((candidate) => {
        const cases = this.#unusedOn.get(candidate.id)?.size ?? 0
        const isUsed = cases === 0 || this.#usedBy.has(candidate.id)
        return isUsed ? [] : [[candidate.id, neverUsed(candidate, this.#changed, cases)]]
      }),
    )
  }
}

function neverUsed({ name }: Candidate, changed: readonly string[], cases: number): string {
  const what = changed.length === 1 ? 'value of' : 'values of'
  return `The ${what} ${changed.join(', ')} ${changed.length === 1 ? 'was' : 'were'} never used by ${name} on ${counted(cases, 'case')}: the agent does not read ${changed.length === 1 ? 'this parameter' : 'these parameters'} there.`
}
