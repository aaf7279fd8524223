import { raise } from '../../errors.ts'

/**
 * Returns which of several candidates are better. The expected share of wrong ones among them is at most `alpha`. This
 * is the e-BH procedure (Wang and Ramdas, False discovery rate control with e-values, JRSS B 2022, section 4). It holds
 * however the candidates depend on one another, for example because they were tried on the same cases. Give each of k
 * gates `alpha / k`; its bets are then made for the evidence that is needed here.
 *
 * @param evidence e-value of each candidate, as `GateReport.eValue` has it.
 * @returns the names of the candidates, in the order given.
 */
export function betterOfSeveral(
  evidence: ReadonlyMap<string, number>,
  alpha = 0.05,
): readonly string[] {
  if (!(alpha > 0 && alpha < 1)) {
    throw raise('T2_GATE_OPTIONS', `alpha is ${alpha}; it must lie between 0 and 1.`)
  }
  const falling = [...evidence.values()].sort((a, b) => b - a)
  if (falling.some((value) => !(value >= 0))) {
    throw raise('T2_GATE_OPTIONS', 'An e-value is a number of at least 0.')
  }
  const enough = (value: number, rank: number) => value >= falling.length / (rank * alpha)
  const count = falling.findLastIndex((value, index) => enough(value, index + 1)) + 1
  const least = falling[count - 1] ?? Number.POSITIVE_INFINITY
  return [...evidence].flatMap(([name, value]) => (count > 0 && value >= least ? [name] : []))
}
