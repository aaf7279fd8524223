import { casesNeeded, casesOfFixedSample, type GateReport } from '@trace2/evaluation/gate'
import {
  casesUntilBetter,
  falseAlarmsOfPeeking,
  gateRuns,
  powerOfFixedSample,
  quantileOf,
  repeated,
  type Stream,
  seeded,
  shareOf,
  streams,
} from '@trace2/evaluation/simulation'
import { campaigns } from './gate-campaigns.ts'
import { dependence } from './gate-dependence.ts'
import { guards } from './gate-guards.ts'
import { announcements, stopping } from './gate-stopping.ts'
import { percent, points, table } from './gate-table.ts'

/** Cases after which a stream of an A/A test ends. */
const length = 600
/** Cases that its gate was planned for. */
const horizon = 190

const kinds: Readonly<Record<string, (effect: number) => Stream>> = {
  ...streams,
  'binary, 3 repeats, noisy judge': (effect) => repeated(streams.binary(effect / 0.7), 3, 0.15),
}

/** How often a gate is wrong, what it finds, and what looking all the time costs, by simulation. */
export async function gate(): Promise<void> {
  measure(20_000)
}

/** The same with a fiftieth of the runs. */
export async function gateShort(): Promise<void> {
  measure(400)
}

function measure(runs: number): void {
  falseAlarms(runs)
  power(Math.min(runs, 4_000))
  hopelessCandidates(Math.min(runs, 2_000))
  stopping(Math.min(runs, 400))
  announcements(Math.min(runs, 400))
  guards(Math.min(runs, 200))
  dependence(Math.min(runs, 2_000))
  campaigns(Math.min(runs, 2_000))
}

function falseAlarms(runs: number): void {
  console.log(`A/A: base and candidate equally good, looked at after every case up to ${length}`)
  const rows = Object.entries(kinds).map(([name, kind]) => {
    const simulation = { stream: kind(0), runs, length }
    const wrong = shareOf(casesUntilBetter(simulation, horizon), Number.isFinite)
    const peeking = falseAlarmsOfPeeking({ ...simulation, runs: Math.ceil(runs / 40) })
    const seen = casesUntilBetter({ ...simulation, runs: Math.ceil(runs / 4) }, length)
    return [name, percent(wrong), percent(shareOf(seen, Number.isFinite)), percent(peeking)]
  })
  table(
    ['scores', `false better, planned for ${horizon}`, `planned for ${length}`, 't-test, peeking'],
    rows,
  )

  const random = seeded(5)
  const stream = streams.binary(0)
  const accepted = Array.from({ length: runs }, () => {
    let sum = 0
    for (let index = 0; index < 3; index++) {
      const { base, candidate } = stream(random, index)
      sum += candidate - base
    }
    return sum > 0
  })
  const identical = { stream, runs: Math.min(runs, 2_000), length: horizon }
  const gated = gateRuns(identical, { worth: 0.1, affordable: horizon }, 5)
  console.log(
    `an identical candidate is accepted: ${percent(shareOf(gated, ({ verdict }) => verdict === 'better'))} by the whole gate, ${percent(shareOf(accepted, Boolean))} where a higher sum over 3 cases is enough\n`,
  )
}

function power(runs: number): void {
  console.log('Cases until better is found in four of five runs, the candidate being better')
  const rows = Object.entries(kinds).flatMap(([name, kind]) =>
    [0.05, 0.1, 0.15].map((effect) => {
      const stream = kind(effect)
      const deviation = deviationOf(stream)
      const announced = casesNeeded({ effect, deviation })
      const fixed = Math.max(casesOfFixedSample({ effect, deviation }), 3)
      const found = casesUntilBetter({ stream, runs, length: announced }, announced)
      const [needed, mean] = [quantileOf(found, 0.8), meanOf(found, announced)]
      return [
        name,
        points(effect),
        deviation.toFixed(2),
        `${fixed} (${percent(powerOfFixedSample({ stream, runs, length: fixed }))})`,
        `${announced} (${percent(shareOf(found, Number.isFinite))})`,
        Number.isFinite(needed) ? String(needed) : `above ${announced}`,
        Number.isFinite(needed)
          ? (needed / fixed).toFixed(2)
          : `above ${(announced / fixed).toFixed(2)}`,
        mean.toFixed(0),
      ]
    }),
  )
  table(
    [
      'scores',
      'effect',
      'deviation',
      't-test once (its power)',
      'announced (power)',
      'needed',
      'ratio',
      'used on average',
    ],
    rows,
  )
  const simulation = { stream: streams.binary(0.1), runs, length }
  console.log(
    `binary, +10, a plain mixture of eight constant bets: ${quantileOf(casesOfMixture(simulation), 0.8)} cases\n`,
  )
}

/** The yardstick of the issue: no plan at all. */
function casesOfMixture(simulation: { stream: Stream; runs: number; length: number }): number[] {
  const stakes = [0.02, 0.04, 0.08, 0.14, 0.22, 0.35, 0.55, 0.9]
  return Array.from({ length: simulation.runs }, (_, run) => {
    const random = seeded(run + 1)
    const wealths = stakes.map(() => 1)
    for (let count = 0; count < simulation.length; count++) {
      const { base, candidate } = simulation.stream(random, count)
      for (const [index, stake] of stakes.entries()) {
        wealths[index] = (wealths[index] ?? 0) * (1 + stake * (candidate - base))
      }
      if (wealths.reduce((sum, wealth) => sum + wealth, 0) / stakes.length >= 20) return count + 1
    }
    return Number.POSITIVE_INFINITY
  })
}

function hopelessCandidates(runs: number): void {
  console.log(
    `Whole gates over binary scores, worth 10 points, ${horizon} cases affordable, looked at every 5`,
  )
  const rows = [-0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2].map((effect) => {
    const simulation = { stream: streams.binary(effect), runs, length: horizon }
    const reports = gateRuns(simulation, { worth: 0.1, affordable: horizon }, 5)
    const share = (verdict: string) =>
      percent(shareOf(reports, (report) => report.verdict === verdict))
    const used = reports.map(({ counts }) => counts.groups)
    const covered = shareOf(
      reports,
      ({ effect: seen }) => seen !== undefined && seen.lower <= effect && effect <= seen.upper,
    )
    return [
      points(effect),
      share('better'),
      share('worse'),
      share('no difference worth it'),
      share('not enough evidence'),
      meanOf(used, horizon).toFixed(0),
      String(quantileOf(used, 0.5)),
      percent(covered),
      ...[() => true, (verdict: string) => verdict === 'better'].map((counts) =>
        reportedMinusTrue(reports, effect, counts),
      ),
    ]
  })
  table(
    [
      'truth',
      'better',
      'worse',
      'no difference worth it',
      'not enough',
      'cases on average',
      'median',
      'interval has the truth',
      'reported minus true',
      'of those better',
    ],
    rows,
  )
}

/** In points, on average over the reports whose verdict counts. */
function reportedMinusTrue(
  reports: readonly GateReport[],
  truth: number,
  counts: (verdict: string) => boolean,
): string {
  const errors = reports.flatMap(({ verdict, effect }) =>
    effect && counts(verdict) ? [effect.mean - truth] : [],
  )
  return errors.length < 20 ? '' : (meanOf(errors, 0) * 100).toFixed(1)
}

function deviationOf(stream: Stream): number {
  const random = seeded(11)
  const values = Array.from({ length: 20_000 }, (_, index) => {
    const { base, candidate } = stream(random, index % length)
    return candidate - base
  })
  const mean = meanOf(values, 0)
  return Math.sqrt(
    meanOf(
      values.map((value) => (value - mean) ** 2),
      0,
    ),
  )
}

function meanOf(values: readonly number[], instead: number): number {
  return (
    values.reduce((sum, value) => sum + (Number.isFinite(value) ? value : instead), 0) /
    values.length
  )
}
