import { raise } from '../../errors.ts'

/**
 * Which of several candidates are better, with an expected share of at most `alpha` wrong ones among them: the e-BH
 * procedure (Wang and Ramdas, False discovery rate control with e-values, JRSS B 2022, section 4). It holds however the
 * candidates depend on one another, as those tried on the same cases do. Give the gates of k candidates `alpha / k` each,
 * so that their bets play for what this asks.
 *
 * @param evidence e-value of each candidate, as `GateReport.eValue` has it.
 * @returns their names, in the order given.
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
