import { counted } from '@trace2/core'
import type { Candidate, Trial } from '@trace2/store'
import { baseOf } from '@trace2/store/reading'
import { baseId } from './candidate.ts'

/** Cases on which a candidate's values are not used before it is taken for one that the agent does not know. */
const casesWithoutUse = 10

/** Watches whether trials use the values that they were given. */
export class UsageWatch {
  readonly #candidates: readonly Candidate[]
  readonly #changed: readonly string[]
  readonly #unusedOn = new Map<string, Set<string>>()
  /** The same of trials that were run now, and not of those that an earlier call had run. */
  readonly #newlyUnusedOn = new Map<string, Set<string>>()
  readonly #usedBy = new Set<string>()
  /** Parameters that the agent said it does not have, and those that a trial has used. */
  readonly #unclaimed = new Set<string>()
  readonly #known = new Set<string>()

  /** @param changed parameters in which the candidates differ. */
  constructor(candidates: readonly Candidate[], changed: readonly string[]) {
    // The base changes nothing: that it does not use a parameter is no fault.
    this.#candidates = candidates.filter(({ id }) => id !== baseId)
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

  /** Why no further trial can tell anything: no candidate's values are used. Asked again, it looks at further cases. */
  look(
    { outcome, used, case: of }: Trial,
    candidate: Candidate,
    isNew: boolean,
  ): string | undefined {
    for (const name of used ?? []) this.#known.add(name)
    if (candidate.id === baseId || outcome !== 'done' || used === null) return undefined
    if (this.#usedBy.has(candidate.id)) return undefined
    // Of several prompts of one caller, the spans of a trial do not tell which is which.
    if (
      this.#changedBy(candidate).some((name) => used.includes(name) || used.includes(baseOf(name)))
    ) {
      this.#usedBy.add(candidate.id)
      return undefined
    }
    noteCase(this.#unusedOn, candidate.id, of)
    if (!isNew) return undefined
    noteCase(this.#newlyUnusedOn, candidate.id, of)
    // One that is used makes the others' trials worth their price.
    const cases = this.#candidates.map(({ id }) => this.#newlyUnusedOn.get(id)?.size ?? 0)
    if (this.#usedBy.size > 0 || Math.min(...cases) < casesWithoutUse) return undefined
    return this.#neverUsed(candidate)
  }

  /** What should be said of candidates whose values no trial has used. */
  unused(): ReadonlyMap<string, string> {
    return new Map(
      this.#candidates.flatMap((candidate) => {
        const isUsed = !this.#unusedOn.has(candidate.id) || this.#usedBy.has(candidate.id)
        if (!isUsed) return [[candidate.id, this.#neverUsed(candidate)]]
        const unknown = this.#unknownTo(candidate)
        return unknown === undefined ? [] : [[candidate.id, unknown]]
      }),
    )
  }

  #neverUsed(candidate: Candidate): string {
    const cases = this.#unusedOn.get(candidate.id)?.size ?? 0
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

function noteCase(cases: Map<string, Set<string>>, candidate: string, of: string): void {
  const known = cases.get(candidate)
  if (known) known.add(of)
  else cases.set(candidate, new Set([of]))
}

function neverUsed({ name }: Candidate, changed: readonly string[], cases: number): string {
  const what = changed.length === 1 ? 'value of' : 'values of'
  return `The ${what} ${changed.join(', ')} ${changed.length === 1 ? 'was' : 'were'} never used by ${name} on ${counted(cases, 'case')}: the agent does not read ${changed.length === 1 ? 'this parameter' : 'these parameters'} there.`
}
