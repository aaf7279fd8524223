import { Gate, type Guard, type PairedCase } from '../gate/index.ts'
import { type Random, seeded } from '../numeric/index.ts'
import type { Pair } from './streams.ts'

/** Draws the amounts that both sides of a case use of something: money, tokens, time. */
export type Amounts = (random: Random) => Pair

/** Every case differs by size, every trial by noise; `times` is how many times the base's a candidate's case takes. */
function amounts(times: (random: Random) => number): Amounts {
  return (random) => {
    const size = Math.exp(0.5 * gaussian(random))
    const noise = () => Math.exp(0.15 * gaussian(random))
    return { base: size * noise(), candidate: size * noise() * times(random) }
  }
}

/** Kinds of candidates, by how much of the quantity they use. */
export const usageScenarios = {
  /** As much as the base. */
  same: amounts(() => 1),
  /** A tenth more in every case. */
  'a tenth more': amounts(() => 1.1),
  '25 times in 5 %': amounts((random) => (random() < 0.05 ? 25 : 1)),
  '100 times in 3 %': amounts((random) => (random() < 0.03 ? 100 : 1)),
  /** Both the mean and the typical case are a tenth above, through few cases. */
  '3 times in 5 %': amounts((random) => (random() < 0.05 ? 3 : 1)),
} satisfies Readonly<Record<string, Amounts>>

/** How often a guard is kept and broken. */
export interface GuardRuns {
  /** Share of the runs in which the guard is shown to be kept. */
  readonly kept: number
  /** Share of the runs in which the guard is shown to be broken. */
  readonly broken: number
}

/** How often a guard is shown to be kept and broken, looked at after every ten cases. */
export function guardRuns(
  guard: Guard,
  amounts: Amounts,
  { runs, length, alpha = 0.05 }: { runs: number; length: number; alpha?: number },
): GuardRuns {
  const standings = Array.from({ length: runs }, (_, run) => {
    const random = seeded(run + 1)
    const options = { scale: { min: 0, max: 1 }, worth: 0.1, affordable: length, alpha }
    const gate = new Gate({ ...options, guards: [guard] })
    for (let count = 0; count < length; count += 10) {
      const cases = Array.from({ length: 10 }, (_, index): PairedCase => {
        const { base, candidate } = amounts(random)
        const values = { base: [base], candidate: [candidate] }
        return {
          case: String(count + index),
          base: [0],
          candidate: [0],
          guards: { [guard.name]: values },
        }
      })
      const standing = gate.look(cases).guards[0]?.standing
      if (standing !== undefined && standing !== 'open') return standing
    }
    return 'open'
  })
  const share = (standing: string) => standings.filter((one) => one === standing).length / runs
  return { kept: share('kept'), broken: share('broken') }
}

/** A standard normal value (Box and Muller). */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
