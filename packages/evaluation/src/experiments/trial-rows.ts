import { randomBytes } from 'node:crypto'
import type { Trial } from '@trace2/store'
import type { TrialAnswer } from '../agents/index.ts'
import { trialId } from './identity.ts'
import type { WorkItem } from './work.ts'

/** The row of a trial that begins. */
export function startedTrial(experiment: string, item: WorkItem, key: string | null): Trial {
  const { case: one, candidate, repeat } = item
  return {
    id: trialId(experiment, candidate.id, one.id, repeat),
    experiment,
    candidate: candidate.id,
    case: one.id,
    repeat,
    key: key ?? '',
    outcome: 'started',
    reason: null,
    traceId: randomBytes(16).toString('hex'),
    output: null,
    scores: [],
    score: null,
    latencyMs: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    replay: null,
    used: null,
    cached: false,
    startedAt: new Date().toISOString(),
    endedAt: null,
  }
}

/** The row of a trial that has ended and was not scored yet. */
export function endedTrial(begun: Trial, answer: TrialAnswer): Trial {
  const { outcome, reason, output, latencyMs, inputTokens, outputTokens, costUsd } = answer
  const { used, replay } = answer
  return {
    ...begun,
    outcome,
    reason,
    output,
    latencyMs,
    inputTokens,
    outputTokens,
    costUsd,
    used,
    replay,
    endedAt: new Date().toISOString(),
  }
}
