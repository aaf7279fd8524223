/** Chance that a bound below is left by luck alone. Runs are seeded: this says how far from the truth a failure is. */
const byLuck = 1e-6

/** The most of so many runs in which something of probability `p` happens, except by luck. */
export function atMostOf(runs: number, p: number): number {
  let tail = 0
  let count = runs
  while (count > 0 && tail + probability(count, runs, p) <= byLuck) {
    tail += probability(count, runs, p)
    count--
  }
  return count
}

/** The fewest of so many runs in which something of probability `p` happens, except by luck. */
export function atLeastOf(runs: number, p: number): number {
  return runs - atMostOf(runs, 1 - p)
}

/** Of exactly so many, by the binomial distribution. */
function probability(count: number, runs: number, p: number): number {
  let log = 0
  for (let k = 1; k <= count; k++) log += Math.log((runs - count + k) / k)
  return Math.exp(log + count * Math.log(p) + (runs - count) * Math.log(1 - p))
}
