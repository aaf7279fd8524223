import { createHash } from 'node:crypto'

/** What a unit is made of: a case's value, between the least and the most that it can be. */
export interface Valued {
  readonly group: string
  readonly atLeast: number
  readonly atMost: number
}

/** One piece of evidence: the mean over the cases of a group, which may depend on one another as they like. */
export interface Unit extends Valued {
  readonly cases: number
}

/**
 * Averages the cases of each group. The order is that of a hash of the groups' names: it has nothing to do with how the
 * cases came out or in which order they came in.
 */
export function unitsOf(cases: readonly Valued[]): readonly Unit[] {
  const groups = new Map<string, Valued[]>()
  for (const one of cases) {
    const members = groups.get(one.group)
    if (members) members.push(one)
    else groups.set(one.group, [one])
  }
  return [...groups]
    .map(([group, members]) => ({ position: position(group), unit: unitOf(group, members) }))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .map(({ unit }) => unit)
}

function unitOf(group: string, members: readonly Valued[]): Unit {
  return {
    group,
    cases: members.length,
    atLeast: mean(members.map(({ atLeast }) => atLeast)),
    atMost: mean(members.map(({ atMost }) => atMost)),
  }
}

/** Summed from the smallest on, so that the order of the cases does not show in the last digit. */
export function mean(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0) / values.length
}

function position(group: string): string {
  return createHash('sha256').update(group).digest('hex')
}
