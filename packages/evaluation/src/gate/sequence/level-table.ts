import { levelReachedWith } from './crossing.ts'

const least = 1e-10
const cells = 4096
const cellsPerLog = cells / -Math.log(least)
let table: Float64Array | undefined

/**
 * `levelReachedWith` read from a table by the logarithm of the probability, to about five digits, for probabilities from
 * 1e-10. Bets ask for hundreds of levels per case, and the quantile itself takes most of a gate's time; a bet
 * that is a little off is as valid.
 */
export function approximateLevel(probability: number): number {
  table ??= Float64Array.from({ length: cells + 2 }, (_, index) =>
    levelReachedWith(Math.exp(-index / cellsPerLog)),
  )
  const place = -Math.log(probability) * cellsPerLog
  const cell = Math.floor(place)
  const below = table[cell] ?? Number.POSITIVE_INFINITY
  const above = table[cell + 1] ?? below
  return below + (above - below) * (place - cell)
}
