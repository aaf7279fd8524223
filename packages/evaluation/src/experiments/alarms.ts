import { counted } from '@trace2/core'
import type { Candidate, Trial } from '@trace2/store'

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
  /** Parameters that the agent said it does not have, and those that a trial has used. */
  readonly #unclaimed = new Set<string>()
  readonly #known = new Set<string>()

  /** @param changed parameters in which the candidates differ. */
  constructor(changed: readonly string[]) {
    this.#changed = changed
  }

  /**
   * Takes in that an agent said at the end of a trial which parameters it does not have. One may still turn up in a later
   * trial, where the agent makes it only then.
   */
  lookForUnclaimed(unclaimed: readonly string[] | null): void {
    if (unclaimed === null) return
    for (const name of this.#changed) {
      if (unclaimed.includes(name)) this.#unclaimed.add(name)
    }
  }

  /**
   * Why the experiment should stop; `undefined` where it may go on.
   *
   * @param isNew whether the trial was run now: one that failed before says nothing of the set-up as it is.
   */
  look(trial: Trial, candidate: Candidate, isNew: boolean): string | undefined {
    for (const name of trial.used ?? []) this.#known.add(name)
    return this.#lookForFaults(trial, isNew) ?? this.#lookForUse(trial, candidate)
  }

  #lookForFaults({ outcome, reason, cached }: Trial, isNew: boolean): string | undefined {
    if (outcome === 'not reproducible' || outcome === 'not replayable') return undefined
    if (outcome === 'done' || outcome === 'diverged') this.#succeeded = true
    if (this.#succeeded || cached || !isNew) return undefined
    this.#failures++
    if (this.#failures < failuresInARow) return undefined
    return `The first ${counted(this.#failures, 'trial')} have all failed, the last one so: ${outcome}${reason === null ? '' : `: ${reason}`}`
  }

  #lookForUse(trial: Trial, candidate: Candidate): string | undefined {
    const { outcome, used } = trial
    if (outcome !== 'done' || used === null || this.#usedBy.has(candidate.id)) return undefined
    if (this.#changedBy(candidate).some((name) => used.includes(name))) {
      this.#usedBy.add(candidate.id)
      return undefined
    }
    const cases = this.#unusedOn.get(candidate.id) ?? new Set()
    cases.add(trial.case)
    this.#unusedOn.set(candidate.id, cases)
    if (cases.size < casesWithoutUse) return undefined
    return this.#neverUsed(candidate, cases.size)
  }

  /** What should be said of candidates whose values no trial has used. */
  unused(candidates: readonly Candidate[]): ReadonlyMap<string, string> {
    return new Map(
      candidates.flatMap((candidate) => {
        const cases = this.#unusedOn.get(candidate.id)?.size ?? 0
        const isUsed = cases === 0 || this.#usedBy.has(candidate.id)
        if (!isUsed) return [[candidate.id, this.#neverUsed(candidate, cases)]]
        const unknown = this.#unknownTo(candidate)
        return unknown === undefined ? [] : [[candidate.id, unknown]]
      }),
    )
  }

  #neverUsed(candidate: Candidate, cases: number): string {
    const used = neverUsed(candidate, this.#changedBy(candidate), cases)
    const unknown = this.#unknownTo(candidate)
    return unknown === undefined ? used : `${unknown} ${used}`
  }

  /** Another candidate of the experiment may change others. */
  #changedBy({ values }: Candidate): readonly string[] {
    return this.#changed.filter((name) => Object.hasOwn(values, name))
  }

  #unknownTo(candidate: Candidate): string | undefined {
    const names = this.#changedBy(candidate).filter(
      (name) => this.#unclaimed.has(name) && !this.#known.has(name),
    )
    if (names.length === 0) return undefined
    return `The agent has no parameter ${names.join(', and none named ')}.`
  }
}

function neverUsed({ name }: Candidate, changed: readonly string[], cases: number): string {
  const what = changed.length === 1 ? 'value of' : 'values of'
  return `The ${what} ${changed.join(', ')} ${changed.length === 1 ? 'was' : 'were'} never used by ${name} on ${counted(cases, 'case')}: the agent does not read ${changed.length === 1 ? 'this parameter' : 'these parameters'} there.`
}
