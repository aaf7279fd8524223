import { Gate, type GateOptions, type PairedCase } from '@trace2/evaluation'
import { type Random, seeded, shareOf } from '@trace2/evaluation/simulation'
import { percent, table } from './gate-table.ts'

const casesPerGroup = 5
const scale = { min: 0, max: 1 }

/** Cases of one session that move together: what the group as the unit is for. */
export function dependence(runs: number): void {
  console.log(`A/A: 60 groups of ${casesPerGroup} cases that move together`)
  const wrong = (grouped: boolean, affordable: number) =>
    better(runs, { worth: 0.1, affordable }, (random) => groupsOf(random, grouped))
  table(
    ['unit', 'false better'],
    [
      ['the group', percent(wrong(true, 60))],
      ['the case, as if cases were independent', percent(wrong(false, 60 * casesPerGroup))],
    ],
  )
}

/** Share of gates, looked at once, that say `better`. */
function better(
  runs: number,
  options: Omit<GateOptions, 'scale'>,
  cases: (random: Random) => readonly PairedCase[],
): number {
  const verdicts = Array.from({ length: runs }, (_, run) => {
    const gate = new Gate({ scale, ...options })
    return gate.look(cases(seeded(run + 1))).verdict
  })
  return shareOf(verdicts, (verdict) => verdict === 'better')
}

function groupsOf(random: Random, grouped: boolean): PairedCase[] {
  return Array.from({ length: 60 }, (_, group) => {
    const [base, candidate] = random() < 0.5 ? [0, 1] : [1, 0]
    return Array.from({ length: casesPerGroup }, (_, index): PairedCase => {
      const moves = random() < 0.6
      const name = `${group}-${index}`
      const one = { case: name, base: [moves ? base : 1], candidate: [moves ? candidate : 1] }
      return grouped ? { ...one, group: String(group) } : one
    })
  }).flat()
}
