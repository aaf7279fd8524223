import { type Json, valueHash } from '@trace2/core'
import type { Case, Dataset, Split } from '@trace2/store'
import type { TrialAgent, TrialAnswer, TrialRequest } from '../agents/trial-agent.ts'
import { guideScorer } from '../experiments/guide-scorer.ts'
import type { Scorer } from '../experiments/scorer.ts'
import type { Guide } from '../guides/index.ts'

/** A case whose one input is a number. */
export function sampleCase(value: number, given: Partial<Case> = {}): Case {
  const inputs = { value }
  const id = valueHash(inputs).slice(0, 16)
  return {
    id,
    inputs,
    reference: null,
    feedback: [],
    group: id,
    split: 'validation',
    run: null,
    metadata: {},
    ...given,
  }
}

export function sampleDataset(cases: readonly Case[], name = 'cases'): Dataset {
  const count = (split: Split) => cases.filter((one) => one.split === split).length
  return {
    name,
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    origin: 'a test',
    hash: valueHash(cases),
    counts: {
      cases: cases.length,
      groups: new Set(cases.map(({ group }) => group)).size,
      references: 0,
      splits: {
        train: count('train'),
        validation: count('validation'),
        holdout: count('holdout'),
      },
    },
    cases,
  }
}

/** An agent of the test: what it answers, or how it fails. */
export type SampleAnswer = Partial<TrialAnswer>

export interface SampleAgent extends TrialAgent {
  /** Requests in the order in which they came. */
  readonly asked: readonly TrialRequest[]
}

export function sampleAgent(
  answer: (request: TrialRequest) => SampleAnswer | Promise<SampleAnswer>,
  { hash = () => 'source-1' as string | null } = {},
): SampleAgent {
  const asked: TrialRequest[] = []
  return {
    mode: 'live',
    description: 'a test agent',
    asked,
    sourceHash: async () => hash(),
    async run(request, signal) {
      asked.push(request)
      const told = await answer(request)
      return {
        outcome: signal?.aborted ? 'interrupted' : 'done',
        reason: null,
        output: null,
        latencyMs: 5,
        spans: [],
        incomplete: null,
        unclaimed: null,
        report: null,
        log: '',
        inputTokens: 10,
        outputTokens: 5,
        costUsd: 0.001,
        used: ['quality'],
        replay: null,
        ...told,
      }
    },
    close: async () => undefined,
  }
}

/** Scores an output that is a number by itself. */
export const asScore: Guide = {
  name: 'asScore',
  definition: { kind: 'as score', version: 1 },
  source: 'code',
  judge: ({ output }) => ({ score: Number(output), comment: 'It is the output.' }),
}

export function scorerOf(...guides: readonly Guide[]): Scorer {
  return guideScorer(guides.length === 0 ? [asScore] : guides, {
    llm: () => {
      throw new Error('No model is asked in this test.')
    },
  })
}

/** The value of the parameter `quality` on the side that asks. */
export function qualityOf({ values }: TrialRequest): Json {
  return values.quality ?? null
}
