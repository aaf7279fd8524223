import { decide, type GateOptions, type PairedCase } from '../gate/index.ts'

/** More groups than anybody would be told to find. */
const most = 4096

/** Whether there is any result on so many groups that a gate would call `better`. */
export function canDecide(options: GateOptions, groups: number): boolean {
  if (groups === 0) return false
  const { scale } = options
  const pairs = Array.from({ length: groups }, (_, index): PairedCase => {
    return { case: `${index}`, base: [scale.min], candidate: [scale.max] }
  })
  // A guard may need more; the least it needs depends on what trials take, which nobody knows before.
  const best = { ...options, basis: 'fresh' as const, guards: [], affordable: groups }
  const { verdict } = decide(pairs, best)
  return verdict === 'better'
}

/** The fewest groups on which a gate can say `better`: where the base is wrong on all of them, and the candidate right. */
export function leastGroups(options: GateOptions): number {
  let high = 1
  while (high < most && !canDecide(options, high)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (canDecide(options, middle)) high = middle
    else low = middle
  }
  return high
}
