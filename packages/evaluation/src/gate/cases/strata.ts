import { raise } from '../../errors.ts'
import { mean, type Unit } from './units.ts'

/**
 * Bounds between strata that hold equally many of the difficulties, so that one case of each is one fair share of the
 * dataset. Fewer where difficulties are tied.
 *
 * @param difficulties of all cases of the dataset, each known before the case is run.
 */
export function strataOf(difficulties: readonly number[], strata: number): readonly number[] {
  const sorted = difficulties.toSorted((a, b) => a - b)
  const bounds = Array.from(
    { length: strata - 1 },
    (_, index) => sorted[Math.round(((index + 1) * sorted.length) / strata)] ?? Number.NaN,
  )
  return [...new Set(bounds)].filter((bound) => bound > (sorted[0] ?? bound))
}

/**
 * Makes blocks of one unit from each stratum. A block's mean has as its expectation the mean over the strata, exactly, and
 * varies only as much as units of one stratum do: what hard and easy cases differ by is no noise any more. Units
 * that miss their counterparts wait.
 */
export class Blocks {
  readonly #bounds: readonly number[]
  readonly #waiting: Unit[][]

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#waiting = Array.from({ length: bounds.length + 1 }, () => [])
  }

  /** How many units a block has. */
  get size(): number {
    return this.#waiting.length
  }

  get waiting(): number {
    return this.#waiting.reduce((sum, units) => sum + units.length, 0)
  }

  /** @throws T2_GATE_CASE for a unit of which no stratum is known. */
  check(units: readonly Unit[]): void {
    for (const unit of units) this.#stratum(unit)
  }

  /** @returns blocks that are complete with these units. */
  add(units: readonly Unit[]): readonly { readonly atLeast: number; readonly atMost: number }[] {
    for (const unit of units) this.#waiting[this.#stratum(unit)]?.push(unit)
    const complete = Math.min(...this.#waiting.map(({ length }) => length))
    const taken = this.#waiting.map((queue) => queue.splice(0, complete))
    return Array.from({ length: complete }, (_, index) => {
      const block = taken.flatMap((queue) => queue.slice(index, index + 1))
      return {
        atLeast: mean(block.map(({ atLeast }) => atLeast)),
        atMost: mean(block.map(({ atMost }) => atMost)),
      }
    })
  }

  #stratum({ group, difficulty }: Unit): number {
    if (this.#bounds.length === 0) return 0
    if (difficulty === undefined || Number.isNaN(difficulty)) {
      throw raise(
        'T2_GATE_CASE',
        `The group ${JSON.stringify(group)} has no difficulty, and cases are stratified by it.`,
      )
    }
    const above = this.#bounds.findIndex((bound) => difficulty < bound)
    return above < 0 ? this.#bounds.length : above
  }
}
