import { counted } from '@trace2/core'
import type { GateReport } from '../gate/index.ts'
import type { UnseenGuard } from './seen-guards.ts'

export interface Doubts {
  /** What the gate says where each trial that diverged has the worst score; `undefined` where none did. */
  readonly strict: GateReport | undefined
  /** Cases on which the candidate diverged. */
  readonly diverged: number
  readonly unseen: readonly UnseenGuard[]
}

/**
 * A gate's report, `better` only where what could not be seen could not undo it: what a candidate does where its replay
 * diverges is not known, nor what it costs where no price is.
 */
export function withheld(report: GateReport, { strict, diverged, unseen }: Doubts): GateReport {
  if (report.verdict !== 'better') return report
  const open = unseen.filter(({ isOpen }) => isOpen)
  const isUndone = strict !== undefined && strict.verdict !== 'better'
  if (!isUndone && open.length === 0) return report
  const why = [
    ...(isUndone
      ? [
          `On ${counted(diverged, 'case')} the candidate came to calls that no replay can answer; what it does there is not known, and it may be worse. Try it with --no-replay.`,
        ]
      : []),
    ...open.map(({ name, why: reason }) => `Nothing was seen of ${name}: ${reason}.`),
  ]
  return {
    ...report,
    verdict: 'not enough evidence',
    why: [...report.why, ...why],
    // More cases may outweigh those that diverged; they show nothing of a price.
    advice: open.length === 0 && strict?.advice === 'go on' ? 'go on' : 'stop',
  }
}
