import type { TrialRequest } from '../agents/trial-agent.ts'
import { baseCandidate, candidateOf } from '../experiments/candidate.ts'
import { type EvaluateOptions, evaluate } from '../experiments/evaluate.ts'
import {
  qualityOf,
  type SampleAnswer,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from './experiments.ts'
import { memoryStore } from './memory-store.ts'

/** Scores 0.4 on each case. */
export const base = baseCandidate({ quality: 0.4 })

/** Scores 0.8 on each case. */
export const better = candidateOf('better', { quality: 0.8 })

/** Cases of the validation split whose inputs are the numbers from 0. */
export const numberedCases = (count: number) =>
  sampleDataset(Array.from({ length: count }, (_, index) => sampleCase(index)))

/** An agent whose output is the quality of its side. */
export const quality = (request: TrialRequest): SampleAnswer => ({ output: qualityOf(request) })

/** Evaluates {@link better} on 12 cases in a store of its own, unless something else is given. */
export async function evaluateSample(given: Partial<EvaluateOptions> = {}) {
  return evaluate({
    store: await memoryStore(),
    dataset: numberedCases(12),
    base,
    candidates: [better],
    agent: sampleAgent(quality),
    scorer: scorerOf(),
    ...given,
  })
}
