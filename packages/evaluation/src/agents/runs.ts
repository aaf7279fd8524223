import type { TrialOutcome } from '@trace2/store'
import type { TrialRun } from './agent.ts'

/** A trial that gave nothing. */
export function emptyRun(outcome: TrialOutcome, reason: string): TrialRun {
  return {
    outcome,
    reason,
    output: null,
    latencyMs: 0,
    spans: [],
    incomplete: null,
    unclaimed: null,
    report: null,
    log: '',
  }
}

/** A trial that was stopped before it began. */
export function interruptedRun(): TrialRun {
  return emptyRun('interrupted', 'The trial was stopped before it began.')
}
