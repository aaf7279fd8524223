import { raise } from '../errors.ts'
import type { CaseOutcome } from './cases/outcome.ts'
import type { NoScore } from './cases/paired-case.ts'
import type { Counts } from './report.ts'

type Missing = Partial<Record<NoScore, number>>

/** Counts what a gate has seen, and refuses what it has seen before. */
export class Tally {
  readonly #cases = new Set<string>()
  readonly #groups = new Set<string>()
  readonly #missing: { readonly base: Missing; readonly candidate: Missing } = {
    base: {},
    candidate: {},
  }
  readonly #trials = { base: 0, candidate: 0 }
  #fewest = Number.POSITIVE_INFINITY
  #most = 0
  #looks = 0

  /** @throws T2_GATE_CASE */
  check(outcomes: readonly CaseOutcome[]): void {
    const names = new Set<string>()
    for (const outcome of outcomes) {
      if (this.#cases.has(outcome.case) || names.has(outcome.case)) {
        throw raise('T2_GATE_CASE', `The case ${JSON.stringify(outcome.case)} was given twice.`)
      }
      if (this.#groups.has(outcome.group)) {
        throw raise(
          'T2_GATE_CASE',
          `The group ${JSON.stringify(outcome.group)} was part of an earlier look.`,
        )
      }
      names.add(outcome.case)
    }
  }

  add(outcomes: readonly CaseOutcome[]): void {
    this.#looks++
    for (const { case: name, group, scores, missing } of outcomes) {
      this.#cases.add(name)
      this.#groups.add(group)
      for (const side of ['base', 'candidate'] as const) {
        const trials = scores[side].length + missing[side].length
        this.#trials[side] += trials
        this.#fewest = Math.min(this.#fewest, trials)
        this.#most = Math.max(this.#most, trials)
        for (const reason of missing[side]) {
          this.#missing[side][reason] = (this.#missing[side][reason] ?? 0) + 1
        }
      }
    }
  }

  get counts(): Counts {
    return {
      looks: this.#looks,
      groups: this.#groups.size,
      cases: this.#cases.size,
      trials: { ...this.#trials },
      repeats: { fewest: this.#most === 0 ? 0 : this.#fewest, most: this.#most },
      missing: { base: { ...this.#missing.base }, candidate: { ...this.#missing.candidate } },
    }
  }
}
