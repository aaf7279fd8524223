import { Gate, type GateOptions } from '../gate/index.ts'
import { seeded } from '../numeric/index.ts'
import { shareOf } from './operating.ts'
import type { Stream } from './streams.ts'

/** What a gate announces after its first look. */
export interface Announcement {
  /** Share of the runs that are undecided after the first look. */
  readonly open: number
  /** Mean number of further groups that the gate announces for these runs. */
  readonly announced: number
  /** Share of these runs that the announced groups show to be better. */
  readonly found: number
}

/** What a gate announces after its first look, and how often so many further groups find the candidate better. */
export function announcedAfter(
  first: number,
  stream: Stream,
  runs: number,
  options: Omit<GateOptions, 'scale'>,
  casesPerLook = 10,
): Announcement {
  const opened = Array.from({ length: runs }, (_, run) => {
    const random = seeded(run + 1)
    const gate = new Gate({ ...options, scale: { min: 0, max: 1 } })
    let count = 0
    const look = (size: number) =>
      gate.look(
        Array.from({ length: size }, () => {
          const { base, candidate } = stream(random, count)
          return { case: String(count++), base: [base], candidate: [candidate] }
        }),
      )
    let report = look(first)
    const announced = report.more?.groups
    if (report.advice !== 'go on' || announced === undefined) return undefined
    for (
      let left = announced;
      left > 0 && report.verdict === 'not enough evidence';
      left -= casesPerLook
    ) {
      report = look(Math.min(casesPerLook, left))
    }
    return { announced, found: report.verdict === 'better' }
  }).filter((one) => one !== undefined)
  return {
    open: opened.length / runs,
    announced: opened.reduce((sum, { announced }) => sum + announced, 0) / opened.length,
    found: shareOf(opened, ({ found }) => found),
  }
}
