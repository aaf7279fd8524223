import { raise } from '../errors.ts'
import { checkedVerdict } from './checked-verdict.ts'
import { FailureWatch, failureText } from './failure-watch.ts'
import { forEachOf } from './for-each-of.ts'
import type { Guide, GuideTools, Subject, Verdict } from './guide.ts'
import { type GuideReport, reportOf } from './guide-report.ts'
import type { GuideScore } from './guide-score.ts'
import { combinedVerdict, toolsOfAsk } from './repeated.ts'

/** Options of {@link scoreSubjects}. */
export interface ScoreOptions {
  /** Number of subjects judged at the same time, each by all guides. Default 4. */
  readonly concurrency?: number
  /** How often a guide that asks a model judges each subject. A guide in code judges once. Default 1. */
  readonly repeats?: number
  /** Is called with the scores of each subject as soon as it is judged. */
  readonly onScored?: (index: number, scores: readonly GuideScore[]) => void
}

/** The result of {@link scoreSubjects}. */
export interface ScoredSubjects {
  /** For each subject, in order, a list with a score for each guide, in the order of the guides. */
  readonly scores: readonly (readonly GuideScore[])[]
  /** What there is to say of each guide, over all subjects. */
  readonly guides: readonly GuideReport[]
}

const defaultConcurrency = 4

/**
 * Scores subjects by guides. If a guide cannot judge a subject, only this score is missing, and the reason is in its
 * place.
 *
 * @throws an error that would affect every further subject: `T2_BUDGET_SPENT`, `T2_MODEL_KEY`, `T2_MODEL_UNREACHABLE`
 * and similar, or the reason of the aborted signal. `onScored` has been called for everything that was scored before.
 * @throws `T2_GUIDE_INVALID` if two guides have one name, or if `repeats` is not a whole number from 1.
 * @example
 * const { scores } = await scoreSubjects([guideOf({ kind: 'exact' })], [{ input, output, reference }], { llm: () => llm })
 */
export async function scoreSubjects(
  guides: readonly Guide[],
  subjects: readonly Subject[],
  tools: GuideTools,
  options: ScoreOptions = {},
): Promise<ScoredSubjects> {
  const { concurrency = defaultConcurrency, repeats = 1, onScored } = options
  requireSensible(guides, repeats)
  const watched = guides.map((guide) => ({ guide, watch: new FailureWatch() }))
  const scores: (readonly GuideScore[])[] = subjects.map(() => [])
  async function* all(): AsyncGenerator<readonly [number, Subject]> {
    yield* subjects.entries()
  }
  await forEachOf(all(), concurrency, async ([index, subject]) => {
    tools.signal?.throwIfAborted()
    const found = await settled(
      watched.map(({ guide, watch }) =>
        scoreBy(guide, subject, tools, guide.source === 'model' ? repeats : 1, watch),
      ),
    )
    scores[index] = found
    onScored?.(index, found)
  })
  return { scores, guides: guides.map((guide, at) => reportOf(guide, subjects, scores, at)) }
}

function requireSensible(guides: readonly Guide[], repeats: number): void {
  const names = guides.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw raise('T2_GUIDE_INVALID', `Two guides are named ${twice}.`)
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw raise('T2_GUIDE_INVALID', `A guide cannot be asked ${repeats} times.`)
  }
}

/** All results; where some are rejected, the first reason once nothing is under way any more. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

async function scoreBy(
  guide: Guide,
  subject: Subject,
  tools: GuideTools,
  repeats: number,
  watch: FailureWatch,
): Promise<GuideScore> {
  let failure: unknown
  const asks = Array.from({ length: repeats }, async (_, sample): Promise<Verdict | undefined> => {
    try {
      const verdict = await checkedVerdict(guide, subject, toolsOfAsk(tools, sample))
      watch.succeeded()
      return verdict
    } catch (error) {
      tools.signal?.throwIfAborted()
      if (watch.failed(error)) throw error
      failure = error
      return undefined
    }
  })
  const verdicts = (await settled(asks)).filter((verdict) => verdict !== undefined)
  const verdict = combinedVerdict(verdicts)
  return {
    guide: guide.name,
    score: verdict?.score ?? null,
    label: verdict?.label ?? null,
    comment: verdict?.comment ?? null,
    error: verdict ? null : failureText(failure),
    asks: verdicts.map(({ score }) => score),
  }
}
