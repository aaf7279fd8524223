import type { GateOptions } from '@trace2/evaluation/gate'
import {
  announcedAfter,
  gateRuns,
  type StreamName,
  shareOf,
  streams,
} from '@trace2/evaluation/simulation'
import { percent, points, table } from './gate-table.ts'

/** What the commands have by default: worth 5 points, ten groups a look, and half of the error budget at first. */
const usual = { worth: 0.05, alpha: 0.0244 }
const perLook = 10

/** What stopping hopeless candidates costs in power, and saves in cases. */
export function stopping(runs: number): void {
  console.log(
    'Right or wrong, the sides having nothing in common; worth 5 points, alpha 2.4 %, ten groups a look',
  )
  const rows = [100, 130, 160].flatMap((affordable) =>
    [-0.2, 0, 0.1, 0.2, 0.3].map((effect) => {
      const simulation = { stream: streams.independent(effect), runs, length: affordable }
      const options: Omit<GateOptions, 'scale'> = { ...usual, affordable }
      const [stopped, whole] = [false, true].map((toTheEnd) => {
        const reports = gateRuns(simulation, options, perLook, toTheEnd)
        const groups = reports.reduce((sum, { counts }) => sum + counts.groups, 0) / runs
        return [percent(shareOf(reports, ({ verdict }) => verdict === 'better')), groups.toFixed(0)]
      })
      return [String(affordable), points(effect), ...(stopped ?? []), ...(whole ?? [])]
    }),
  )
  table(['affordable', 'truth', 'better', 'groups', 'better, going on', 'groups, going on'], rows)
}

/** What is announced in the middle of a test, and how often so many further groups find the candidate better. */
export function announcements(runs: number): void {
  console.log('What a gate announces after a first look (worth the true effect, power 80 %)')
  const kinds: readonly (readonly [StreamName, number, number])[] = [
    ['binary', 20, 0.1],
    ['binary', 40, 0.1],
    ['independent', 40, 0.1],
    ['independent', 100, 0.1],
    ['tied', 20, 0.1],
    ['graded', 30, 0.1],
    ['skewed', 20, 0.1],
  ]
  const rows = kinds.map(([name, first, effect]) => {
    const options = { worth: effect, affordable: 5_000 }
    const { announced, found } = announcedAfter(first, streams[name](effect), runs, options)
    return [name, String(first), points(effect), announced.toFixed(0), percent(found)]
  })
  table(['scores', 'after', 'effect', 'announced on average', 'found better within it'], rows)
}
