import type { Trial, TrialMode } from '@trace2/store'
import {
  type Basis,
  Gate,
  type GateOptions,
  type GateReport,
  type PairedCase,
} from '../gate/index.ts'
import type { Pairing } from './pairs.ts'
import { seenGuards, type UnseenGuard } from './seen-guards.ts'
import { withheld } from './withheld.ts'

/** The cases of one look. */
interface ReadLook {
  readonly pairs: readonly PairedCase[]
  readonly basis: Basis
}

/**
 * Reads the looks of a verdict. Two gates read them: what diverged is no case to one, and the worst to the other. `better`
 * takes both.
 */
export class LookGates {
  readonly #mode: TrialMode
  #options: GateOptions
  #gate: Gate
  #strict: Gate
  #unseen: readonly UnseenGuard[] = []
  readonly #looks: ReadLook[] = []
  /** Cases that diverged before there was anything to compare. */
  readonly #unread: PairedCase[] = []
  #diverged = 0

  constructor(options: GateOptions, mode: TrialMode) {
    this.#mode = mode
    this.#options = options
    this.#gate = new Gate({ ...options, guards: [] })
    this.#strict = this.#gate
  }

  get report(): GateReport {
    return withheld(this.#gate.report, {
      strict: this.#diverged === 0 ? undefined : this.#strict.report,
      diverged: this.#diverged,
      unseen: this.#unseen,
    })
  }

  /**
   * Takes in the cases of a look.
   *
   * @param allocated error of the whole test and what the cases have to do with the candidate; the first look's error holds.
   * @param trials of all looks: they tell why nothing is seen of a guard.
   */
  read(
    { pairs, diverged }: Pairing,
    { alpha, basis }: { readonly alpha: number; readonly basis: Basis },
    trials: readonly Trial[],
  ): GateReport {
    if (this.#looks.length === 0) {
      this.#options = { ...this.#options, alpha }
      this.#strict = new Gate({ ...this.#options, guards: [] })
    }
    this.#looks.push({ pairs, basis })
    this.#diverged += diverged.length
    this.#strict.look([...pairs, ...this.#unread.splice(0), ...diverged], basis)
    if (!this.#watchesMore(trials)) this.#gate.look(pairs, basis)
    return this.report
  }

  /**
   * What a guard watches may be seen only in a later look: the guard then reads the looks before as well.
   *
   * @returns whether all looks were read again.
   */
  #watchesMore(trials: readonly Trial[]): boolean {
    const isFirst = this.#looks.length === 1
    if (!isFirst && this.#unseen.length === 0) return false
    const compared = this.#looks.flatMap((look) => look.pairs)
    const before = this.#unseen.length
    const { guards, unseen } = seenGuards(this.#options.guards ?? [], compared, trials, this.#mode)
    this.#unseen = unseen
    if (!isFirst && unseen.length === before) return false
    this.#gate = new Gate({ ...this.#options, guards })
    for (const look of this.#looks) this.#gate.look(look.pairs, look.basis)
    return true
  }

  /** Takes in cases of which nothing can be compared, because each diverged. They are no look. */
  skip({ diverged }: Pick<Pairing, 'diverged'>): void {
    this.#diverged += diverged.length
    if (this.#looks.length === 0 || diverged.length === 0) this.#unread.push(...diverged)
    else this.#strict.look(diverged)
  }
}
