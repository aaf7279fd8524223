import type { Json } from '@trace2/core'
import { Trace2Error } from '@trace2/core'
import type { Feedback, NewFeedback, RunQuery, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import {
  createLlm,
  type Llm,
  type LlmActivity,
  type ModelLimits,
  type ModelSettings,
  type OpenAIClient,
  openaiClient,
  openaiTransport,
  type PriceTable,
  type RateLimits,
  type SpendingLimits,
  type Spent,
} from '../llm/index.ts'
import { checkedVerdict } from './checked-verdict.ts'
import { FailureWatch, failureText } from './failure-watch.ts'
import { forEachOf } from './for-each-of.ts'
import { type Guide, type GuideTools, guideIdentifier, type Verdict } from './guide.ts'
import { type Reference, referenceIndex } from './references.ts'
import { judgedTargets, runKey, type Target, targetKey, targetsOf } from './targets.ts'
import { quote } from './wording.ts'

/** Options of {@link judge}. */
export interface JudgeOptions extends RateLimits, ModelSettings {
  /** Which runs are judged. Default: the latest 200. */
  readonly runs?: RunQuery
  /** What of a run is judged: `run`, its output, or each call of the operator of this name. Default `run`. */
  readonly target?: string
  /** What outputs should have been, for guides that compare with a reference. */
  readonly references?: readonly Reference[]
  /** Number of values judged at the same time. Default 4. */
  readonly concurrency?: number
  /** Limits on the models that guides ask. */
  readonly budget?: SpendingLimits
  /** The client that sends requests. Default: one made from `OPENAI_BASE_URL` and `OPENAI_API_KEY`. */
  readonly client?: OpenAIClient
  /** Prices that replace the list prices. */
  readonly prices?: PriceTable
  /** Whether the score of each part of a combination is stored too, as feedback `<guide>/<part>`. Default `false`. */
  readonly parts?: boolean
  /** Judges values again that this guide has judged before, and replaces the earlier feedback. Default `false`. */
  readonly again?: boolean
  /** Stops judging. Feedback that was stored until then stays. */
  readonly signal?: AbortSignal
  /** Is called as judging goes on. */
  readonly onProgress?: (progress: JudgeProgress) => void
  /** Is called with the limits of each model, once, before its first call. */
  readonly onLimits?: (limits: ModelLimits) => void
}

/** How far {@link judge} has come. */
export interface JudgeProgress {
  /** Number of runs that were looked at so far. */
  readonly runs: number
  /** Number of all runs. */
  readonly total: number
  /** Number of values that were judged so far. */
  readonly judged: number
  /** What was spent on models so far. */
  readonly spent: Spent
  /** What models are being asked at this moment. */
  readonly activity: LlmActivity
}

/** The result of {@link judge}. */
export interface JudgeResult {
  /** Identifier of the feedback: the hash of the guide's definition. */
  readonly identifier: string
  /** Number of runs that were looked at. */
  readonly runs: number
  /** Feedback that was stored now. */
  readonly feedback: readonly Feedback[]
  /** Values that had been judged by this guide before, and were left alone. */
  readonly before: number
  /** Values about which the guide could not say anything; another call of {@link judge} tries them again. */
  readonly failures: readonly JudgeFailure[]
  /** What was spent on models. */
  readonly spent: Spent
}

/** A value about which a guide could not say anything. */
export interface JudgeFailure {
  /** Id of the run. */
  readonly run: string
  /** Span of the judged call; `null` if the run itself was judged. */
  readonly spanId: string | null
  /** Code of the error, for example `T2_MODEL_CALL`. */
  readonly code: string
  /** What went wrong. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

const defaultRuns = 200
const defaultConcurrency = 4

/**
 * Applies a guide to stored runs, and stores its judgements as feedback. Each judgement is stored as soon as it is
 * there, and answers of models are kept. After an interruption, a further call judges only what is missing. A run that
 * failed has the score 0, without asking the guide.
 *
 * @throws `T2_NO_RUNS`; `T2_BUDGET_SPENT`, `T2_PRICE_UNKNOWN` or `T2_MODEL_UNSET`; `T2_MODEL_KEY`,
 * `T2_MODEL_UNREACHABLE` and similar if the endpoint does not answer at all. Judgements made before the error are
 * stored.
 * @example
 * const store = await openStore('trace2.duckdb')
 * await judge(store, guideOf({ kind: 'contains', text: 'refund' }), { runs: { since: '2026-11-01' } })
 */
export async function judge(
  store: Store,
  guide: Guide,
  options: JudgeOptions = {},
): Promise<JudgeResult> {
  const { signal } = options
  const runs = await store.runs({ limit: defaultRuns, ...options.runs })
  if (runs.length === 0) throw raise('T2_NO_RUNS', 'No stored run matches.')
  const identifier = guideIdentifier(guide)
  const known = options.again
    ? new Set<string>()
    : await judgedTargets(store, guide.name, identifier)
  const find = referenceIndex(options.references ?? [])
  let activity: LlmActivity = { done: 0, known: 0, tokens: 0 }
  const model = lazyLlm(store, options, (now) => {
    activity = now
    report()
  })
  const tools: GuideTools = { llm: model.get, ...(signal ? { signal } : {}) }
  const feedback: Feedback[] = []
  const failures: JudgeFailure[] = []
  const target = options.target ?? 'run'
  // The graph of a run that was judged before is not read.
  const left = target === 'run' ? runs.filter((run) => !known.has(runKey(run))) : runs
  let before = runs.length - left.length
  let looked = before
  const watch = new FailureWatch()
  const report = () => {
    const progress = { runs: looked, total: runs.length, judged: feedback.length }
    options.onProgress?.({ ...progress, spent: model.spent(), activity })
  }

  async function* missing(): AsyncGenerator<Target> {
    for await (const graph of store.graphs(left.map(({ id }) => id))) {
      for (const one of targetsOf(graph, target)) {
        if (known.has(targetKey(one))) before++
        else yield one
      }
      looked++
      report()
    }
  }

  await forEachOf(missing(), options.concurrency ?? defaultConcurrency, async (one) => {
    signal?.throwIfAborted()
    const { run, spanId } = one
    try {
      const verdict = await verdictOn(guide, one, find(run, one.input), tools)
      for (const given of feedbackOf(guide, one, verdict, options.parts === true)) {
        const about = { source: guide.source, identifier, ...guideScale }
        feedback.push(await store.addFeedback({ ...given, ...about }))
      }
      watch.succeeded()
    } catch (error) {
      signal?.throwIfAborted()
      if (watch.failed(error)) throw error
      const failure =
        error instanceof Trace2Error ? error : raise('T2_GUIDE_FAILED', failureText(error))
      const { code, message, remedy } = failure
      failures.push({ run, spanId, code, message, remedy })
    }
    report()
  })
  const counts = { runs: runs.length, before }
  return { identifier, ...counts, feedback, failures, spent: model.spent() }
}

/** What the score of any guide means, whatever words its name has. */
const guideScale = { scale: [0, 1], direction: 'higher' } as const

async function verdictOn(
  guide: Guide,
  { node, input }: Target,
  reference: Json | undefined,
  tools: GuideTools,
): Promise<Verdict> {
  if (node.kind === 'exception') return { score: 0, comment: `It failed: ${quote(node.value)}.` }
  const known = reference === undefined ? {} : { reference }
  return checkedVerdict(guide, { output: node.value, input, ...known }, tools)
}

/** The verdict last: once it is stored, so are the scores of its parts. */
function feedbackOf(
  { name }: Guide,
  { traceId, spanId }: Target,
  verdict: Verdict,
  parts: boolean,
): NewFeedback[] {
  const { score, comment, label = null, scores = {} } = verdict
  const own = Object.entries(parts ? scores : {}).map(([part, each]) => ({
    traceId,
    spanId,
    name: `${name}/${part}`,
    score: each,
  }))
  return [...own, { traceId, spanId, name, score, comment, label }]
}

/** A model that is set up when the first guide asks for it: most guides need none, and no key. */
function lazyLlm(store: Store, options: JudgeOptions, onActivity: (now: LlmActivity) => void) {
  const { budget, client, concurrency = defaultConcurrency, onProgress, ...others } = options
  let llm: Llm | undefined
  return {
    get: () => {
      llm ??= createLlm({
        ...others,
        ...budget,
        transport: openaiTransport(client ?? openaiClient(options), options),
        store,
        concurrency,
        ...(onProgress ? { onActivity } : {}),
      })
      return llm
    },
    spent: (): Spent => llm?.spent ?? { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
  }
}
