import { countWork } from './count-work.ts'

const SMALL = 200
/** How much longer the longer one is. */
const GROWTH = 8
/** Work that grows as the size does grows by 8, and by 64 where it grows with its square; sorting lies between. */
const MOST = 12
/** What is done once, whatever the size, such as looking up names that have not come before. */
const ONCE = 20_000

/** How much more work is done for something that is eight times as long, and how much would be too much. */
export interface Growth {
  readonly small: number
  readonly large: number
  readonly most: number
}

/**
 * Measures a step: what `prepare` makes ready is not counted, what it returns is.
 *
 * @param size the smaller one.
 */
export function growthOf(prepare: (size: number) => () => void, size = SMALL): Growth {
  const small = countWork(prepare(size))
  const large = countWork(prepare(size * GROWTH))
  return { small, large, most: MOST * small + ONCE }
}
