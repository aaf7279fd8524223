import type { Case, Experiment, Look, StoredVerdict, Trial } from '../evaluation.ts'
import { traceId } from './spans.ts'

/** A case, an experiment and so on of what matters to a test, everything else as it usually is. */
export function caseOf(id: string, more: Partial<Case> = {}): Case {
  return {
    id,
    inputs: { ticket: `text ${id}` },
    reference: null,
    feedback: [],
    group: `group ${id}`,
    split: 'train',
    run: null,
    metadata: {},
    ...more,
  }
}

export function experimentOf(id: string, more: Partial<Experiment> = {}): Experiment {
  return {
    id,
    createdAt: '2026-11-01T00:00:00.000Z',
    endedAt: null,
    status: 'running',
    stoppedBecause: null,
    dataset: 'tickets',
    datasetVersion: 1,
    split: 'validation',
    cases: ['c1'],
    candidates: [
      { id: 'base', name: 'base', values: {}, proposals: [] },
      { id: 'cand', name: 'p-1', values: { p: { value: 'x', version: 'v' } }, proposals: ['p-1'] },
    ],
    repeats: 1,
    mode: 'live',
    agent: null,
    agentHash: null,
    guides: ['exact'],
    guidesHash: 'h',
    seed: 1,
    ...more,
  }
}

export function trialOf(id: string, more: Partial<Trial> = {}): Trial {
  return {
    id,
    experiment: 'e-1',
    candidate: 'base',
    case: 'c1',
    repeat: 0,
    key: `key ${id}`,
    outcome: 'done',
    reason: null,
    traceId: traceId(Buffer.from(id).toString('hex').slice(-32)),
    output: { answer: id },
    scores: [],
    score: null,
    latencyMs: 5,
    inputTokens: 1,
    outputTokens: 2,
    costUsd: null,
    replay: null,
    used: null,
    cached: false,
    startedAt: '2026-11-01T00:00:00.000Z',
    endedAt: '2026-11-01T00:00:01.000Z',
    ...more,
  }
}

export function lookOf(id: string, more: Partial<Look> = {}): Look {
  return {
    id,
    at: '2026-11-01T00:00:00.000Z',
    dataset: 'tickets',
    datasetVersion: 1,
    split: 'holdout',
    purpose: 'decision',
    experiment: 'e-1',
    candidate: 'cand',
    groups: ['g'],
    reused: 0,
    basis: 'fresh',
    alpha: 0.02,
    spent: 0.025,
    earned: 0,
    left: 0.025,
    verdict: null,
    ...more,
  }
}

export function verdictOf(id: string, more: Partial<StoredVerdict> = {}): StoredVerdict {
  return {
    id,
    createdAt: '2026-11-01T00:00:00.000Z',
    experiment: 'e-1',
    candidate: 'cand',
    proposals: ['p-1'],
    metric: 'exact',
    verdict: 'better',
    report: { mean: 0.1 },
    ...more,
  }
}
