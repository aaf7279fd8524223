import { ConfidenceSequence, Gate, type PairedCase, strataOf } from '@trace2/evaluation'
import { type Random, seeded, shareOf } from '@trace2/evaluation/simulation'
import { percent, table } from './gate-table.ts'

const casesPerGroup = 5
const scale = { min: 0, max: 1 }

/** Cases of one session that move together: what the group as the unit is for. */
export function dependence(runs: number): void {
  console.log(`A/A with groups of ${casesPerGroup} cases that move together, 40 groups`)
  const share = (grouped: boolean) =>
    shareOf(
      Array.from({ length: runs }, (_, run) => groupsOf(seeded(run + 1), grouped)),
      (cases) => {
        const gate = new Gate({ scale, worth: 0.1, affordable: grouped ? 40 : 40 * casesPerGroup })
        return gate.look(cases).verdict === 'better'
      },
    )
  table(
    ['unit', 'false better'],
    [
      ['the group', percent(share(true))],
      ['the case, as if they were independent', percent(share(false))],
    ],
  )
}

function groupsOf(random: Random, grouped: boolean): PairedCase[] {
  return Array.from({ length: 40 }, (_, group) => {
    const shift = random() < 0.5 ? 1 : -1
    return Array.from({ length: casesPerGroup }, (_, index): PairedCase => {
      const moved = random() < 0.6 ? 0.25 * shift : 0
      const one = { case: `${group}-${index}`, base: [0.5], candidate: [0.5 + moved] }
      return grouped ? { ...one, group: String(group) } : one
    })
  }).flat()
}

/** A candidate that helps on hard cases and harms easy ones, with and without strata of known difficulty. */
export function strata(runs: number): void {
  console.log(
    'A candidate that is better by 10 points: +40 on the hard half of the cases, −20 on the easy half; 150 cases',
  )
  const rows = [1, 2, 4].map((count) => {
    const found = (effect: number) =>
      shareOf(
        Array.from({ length: runs }, (_, run) => stratified(seeded(run + 1), count, effect)),
        Boolean,
      )
    return [count === 1 ? 'none' : String(count), percent(found(0.1)), percent(found(0))]
  })
  table(['strata', 'power', 'false better where it is equally good'], rows)
}

function stratified(random: Random, count: number, effect: number): boolean {
  const cases = Array.from({ length: 150 }, () => {
    const difficulty = random()
    const change = effect + (difficulty > 0.5 ? 0.3 : -0.3)
    const rate = difficulty > 0.5 ? 0.25 : 0.75
    const base = random() < rate ? 1 : 0
    return { difficulty, difference: (random() < rate + change ? 1 : 0) - base }
  })
  const bounds = strataOf(
    cases.map(({ difficulty }) => difficulty),
    count,
  )
  const queues = Array.from({ length: bounds.length + 1 }, (): number[] => [])
  for (const { difficulty, difference } of cases) {
    queues[bounds.filter((bound) => bound <= difficulty).length]?.push(difference)
  }
  const blocks = Math.min(...queues.map(({ length }) => length))
  const sides = { alphaLower: 0.05, alphaUpper: 0.05 }
  const sequence = new ConfidenceSequence({
    low: -1,
    high: 1,
    ...sides,
    horizon: blocks,
    critical: [0],
  })
  for (let block = 0; block < blocks; block++) {
    const sum = queues.reduce((total, queue) => total + (queue[block] ?? 0), 0)
    sequence.add(sum / queues.length)
  }
  return sequence.lower >= 0
}
