import { Gate, type GateOptions, type PairedCase } from '@trace2/evaluation/gate'
import { type Random, seeded, shareOf } from '@trace2/evaluation/simulation'
import { percent, table } from './gate-table.ts'

const groups = 60
const casesPerGroup = 5
const scale = { min: 0, max: 1 }

/** Cases of one session that move together: what the group as the unit is for. */
export function dependence(runs: number): void {
  console.log(`A/A: ${groups} groups of ${casesPerGroup} cases that move together`)
  const wrong = (grouped: boolean, looks: number) => {
    const affordable = grouped ? groups : groups * casesPerGroup
    return percent(
      better(runs, { worth: 0.1, affordable }, looks, (random) => groupsOf(random, grouped)),
    )
  }
  table(
    ['unit', 'false better, one look', `${groups / 5} looks`],
    [
      ['the group', wrong(true, 1), wrong(true, groups / 5)],
      ['the case, as if cases were independent', wrong(false, 1), wrong(false, groups / 5)],
    ],
  )
}

/** Share of gates that say `better` at any of so many looks. */
function better(
  runs: number,
  options: Omit<GateOptions, 'scale'>,
  looks: number,
  cases: (random: Random) => readonly PairedCase[],
): number {
  const verdicts = Array.from({ length: runs }, (_, run) => {
    const gate = new Gate({ scale, ...options })
    const all = cases(seeded(run + 1))
    const size = all.length / looks
    return Array.from({ length: looks }, (_, look) => {
      const next = all.slice(look * size, (look + 1) * size)
      return gate.look(next).verdict
    })
  })
  return shareOf(verdicts, (seen) => seen.includes('better'))
}

function groupsOf(random: Random, grouped: boolean): PairedCase[] {
  return Array.from({ length: groups }, (_, group) => {
    const [base, candidate] = random() < 0.5 ? [0, 1] : [1, 0]
    return Array.from({ length: casesPerGroup }, (_, index): PairedCase => {
      const moves = random() < 0.6
      const name = `${group}-${index}`
      const one = { case: name, base: [moves ? base : 1], candidate: [moves ? candidate : 1] }
      return grouped ? { ...one, group: String(group) } : one
    })
  }).flat()
}
