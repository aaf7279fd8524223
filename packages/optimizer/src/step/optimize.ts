import type { EdgeKind } from '@trace2/core'
import {
  type ChatTransport,
  createLlm,
  defaultModel,
  defaultPromptTokens,
  dryRunModel,
  type LlmActivity,
  type ModelLimits,
  type ModelSettings,
  modelLimits,
  type OpenAIClient,
  openaiClient,
  openaiTransport,
  type PriceTable,
  type RateLimits,
  type Spent,
} from '@trace2/evaluation/llm'
import type { FeedbackName, LeftOut, LlmCall, Proposal, RunQuery, Store } from '@trace2/store'
import { makeBatch, sampleRuns } from '../batch/index.ts'
import { type Models, optoPrime, type Strategy, type Suggestion } from '../optimizers/index.ts'
import {
  defaultObjective,
  type Omitted,
  type Problem,
  type Projection,
  type RenderedPrompt,
  type Seen,
  tokenizerFor,
} from '../prompt/index.ts'
import { type CurrentParameter, currentParameters, requireEntries } from '../proposals/index.ts'
import { earlierAttempts } from './attempts.ts'
import { type Preview, previewOf } from './dry-run.ts'
import { type Amount, allOf, amountOf, leftOutOf, seenBy } from './evidence.ts'
import { type Gathered, gatherRuns } from './gather.ts'
import type { KeptBack } from './kept-back.ts'
import { type Objective, objectiveOf, unclearNames } from './objective.ts'
import { distinct, markAlike, proposalsOf } from './proposals.ts'
import { type TakeOptions, takeOf } from './take.ts'
import { summarizeUnreached, type UnreachedParameter } from './unreached.ts'
import { askedAbout, type ChosenVariable, chosenVariable, requireKnown } from './variables.ts'

/** Options of {@link optimize}. */
export interface OptimizeOptions extends RateLimits, ModelSettings {
  /** Names of the parameters to change. Default: every trainable one that feedback reaches. */
  readonly parameters?: readonly string[]
  /** Which runs to learn from. Default: the latest 200 that have feedback. */
  readonly runs?: RunQuery
  /** Kinds of edges that carry feedback. Default: all. */
  readonly edges?: readonly EdgeKind[]
  /** The strategy that asks the model. Default: {@link optoPrime}. */
  readonly strategy?: Strategy
  /** Name of the model. Default: `TRACE2_MODEL`, or `gpt-4o-mini` if `OPENAI_API_KEY` is set. */
  readonly model?: string
  /** Models for cheap work and for judging. Default: `TRACE2_MODEL_CHEAP` and `TRACE2_MODEL_JUDGE`, otherwise `model`. */
  readonly models?: Partial<Omit<Models, 'strong'>>
  /** The client that sends requests. Default: one made from `OPENAI_BASE_URL` and `OPENAI_API_KEY`. */
  readonly client?: OpenAIClient
  /** Path of the parameters file that the agent reads. Values in this file are in force. */
  readonly file?: string
  /**
   * The values from which changes start, for parameters with several values in force: versions or beginnings of versions,
   * `name=version`, or `name=2` for the value with the second largest share. Default: the one with the largest share.
   */
  readonly bases?: readonly string[]
  /** Number of runs to show, chosen to cover all kinds of failure, with some good runs for contrast. Default 64. */
  readonly sample?: number
  /** Limit of the tokens in one prompt. Default 16,000, or less if the context of the model is smaller. */
  readonly maxTokens?: number
  /** Limit of the model calls in this step. */
  readonly maxCalls?: number
  /** Limit of the input and output tokens of all calls together. */
  readonly maxTotalTokens?: number
  /** Limit of the cost of all calls together, in USD. It needs a model with a known price. */
  readonly maxCostUsd?: number
  /** Number of calls at the same time. Default 4. */
  readonly concurrency?: number
  /** Replaces the connection to the model, for example by `recordAnswers` or `replayAnswers`. */
  readonly transport?: ChatTransport
  /** Prices that replace the list prices. */
  readonly prices?: PriceTable
  /**
   * What the step should improve: a name of feedback, or the aim in words. If it is not a name, runs are compared under the
   * name with the largest weight, and among equal weights under the name with the most feedback.
   */
  readonly objective?: string
  /** The purpose of the agent in words. The prompt shows it. */
  readonly context?: string
  /**
   * Functions that change a proposed value before it is checked, by the name of the parameter. The projections of the agent
   * are code and therefore not in the store. Parameters can be given here: their projections are used.
   */
  readonly projections?: { readonly [parameter: string]: Projection }
  /** Number of earlier values to show: versions that runs used, and rejected proposals. Default 8; 0 shows none. */
  readonly memory?: number
  /**
   * Asks the model again for a step that was finished before. Otherwise the same runs, feedback and values give the stored
   * answers, and `repeated` is `true`.
   */
  readonly again?: boolean
  /** Asks no model. `preview` of the result has the prompt, its tokens and its price. */
  readonly dryRun?: boolean
  /** Stops the step. What was answered until then stays in the store. */
  readonly signal?: AbortSignal
  /** Is called as the step goes on. */
  readonly onProgress?: (progress: Progress) => void
}

/** What `onProgress` of {@link optimize} is told. `kind` says what happened. */
export type Progress =
  | { readonly kind: 'runs'; readonly done: number; readonly total: number }
  /**
   * Runs with feedback that datasets keep to select and to decide on: nothing is learned from them. Of `incomparable` cases of
   * files nobody can say whether a run asks the same.
   */
  | { readonly kind: 'kept back'; readonly runs: number; readonly incomparable: number }
  /** What will be asked about: before the first call. */
  | {
      readonly kind: 'variables'
      readonly variables: readonly ChosenVariable[]
      readonly leftOut: readonly string[]
    }
  /** A prompt, before it is sent: the runs and feedback that it shows, and those that it had no room for. */
  | { readonly kind: 'prompt'; readonly shown: Amount; readonly of: Amount }
  | { readonly kind: 'limits'; readonly limits: ModelLimits }
  | { readonly kind: 'asking'; readonly activity: LlmActivity }
  | { readonly kind: 'call'; readonly call: LlmCall; readonly spent: Spent }

/** The result of one step. */
export interface StepResult {
  /** Id that the proposals share. `null` if nothing is proposed. */
  readonly step: string | null
  /** The proposals. They are stored and open; no value is in force yet. */
  readonly proposals: readonly Proposal[]
  /** Whether the answers are those of an earlier, equal step. The option `again` asks the model again. */
  readonly repeated: boolean
  /** Why the model proposes these values, in its own words. */
  readonly reasoning: string
  /** The name of feedback by which runs were compared. `null` if no name has a scale. */
  readonly objective: Objective | null
  /** Names of feedback whose scale is unclear and should be declared. Without a scale only their words are used. */
  readonly unclear: readonly FeedbackName[]
  /** Parameters that feedback did not reach in at least one run. Those that it reached least are first. */
  readonly unreached: readonly UnreachedParameter[]
  /** Ids of the runs in the prompts. Run 1 of a prompt is the first one. */
  readonly runs: readonly string[]
  /** The runs and the feedback that the prompts showed. With `dryRun`: that the first prompt would show. */
  readonly seen: Seen
  /** What was gathered and is in no prompt. */
  readonly leftOut: LeftOut
  /** The parameters that the step asked about. */
  readonly variables: readonly ChosenVariable[]
  /** The number of runs from which `runs` were chosen, and the number of kinds of failure among them. */
  readonly sampledFrom: { readonly runs: number; readonly kinds: number }
  /** What did not fit into each prompt. */
  readonly omitted: readonly Omitted[]
  /** Calls, tokens and cost of this step. Answers that were already stored cost nothing. */
  readonly spent: Spent
  /** The questions of a dry run; otherwise `null`. */
  readonly preview: Preview | null
}

/** The default of `maxTokens` in {@link OptimizeOptions}: 16,000. */
export const defaultMaxTokens = defaultPromptTokens
const defaultSample = 64
const defaultMemory = 8

/**
 * Takes one step of an optimizer over stored runs. It carries feedback back to the parameters, asks a model for better values,
 * and stores these as proposals with their evidence. No value changes until {@link accept} is called.
 *
 * @throws `T2_NO_RUNS`, `T2_NO_FEEDBACK`, `T2_NO_TRAINABLE_PARAMETER` or `T2_FEEDBACK_UNREACHED` if there is nothing to learn
 * from; `T2_PARAMETERS_FILE` or `T2_PARAMETERS_ENTRY` if the parameters file is not valid; `T2_PROMPT_BUDGET`,
 * `T2_BUDGET_SPENT` or `T2_PRICE_UNKNOWN` if a limit does not allow the step; `T2_MODEL_UNSET`, `T2_MODEL_CALL` or
 * `T2_MODEL_ANSWER` if no model gave a valid answer.
 * @example
 * const { proposals } = await optimize(await openStore('trace2.duckdb'), { runs: { since: '2026-11-01' } })
 */
export async function optimize(store: Store, options: OptimizeOptions = {}): Promise<StepResult> {
  const { onProgress } = options
  const gathered = await gatherRuns(store, {
    ...options,
    ...(onProgress
      ? {
          onRun: (done: number, total: number) => onProgress({ kind: 'runs', done, total }),
          onKeptBack: ({ runs, incomparable }: KeptBack) =>
            onProgress({ kind: 'kept back', runs: runs.size, incomparable }),
        }
      : {}),
  })
  const current = await currentParameters(store, options.file, options.bases)
  requireEntries(current, options.parameters)
  return optimizeGathered(store, gathered, current, options)
}

/** {@link optimize} over runs whose feedback has been carried back already, from the given present values. */
export async function optimizeGathered(
  store: Store,
  gathered: Gathered,
  current: ReadonlyMap<string, CurrentParameter>,
  options: Omit<OptimizeOptions, 'runs' | 'file' | 'bases'> & TakeOptions,
): Promise<StepResult> {
  const { onProgress, strategy = optoPrime() } = options
  const { digests, measures } = gathered
  const objective = objectiveOf(measures, options.objective)
  // A name says what counts; it is not an objective in words.
  const words = objective?.because === 'chosen' ? undefined : options.objective
  requireKnown(options.parameters ?? [], current)
  const unreached = [...(gathered.absent ?? []), ...summarizeUnreached(digests)]
  const { chosen, of, kinds } = sampleRuns(digests, options.sample ?? defaultSample)
  const models = chooseModels(options)
  const tokenizer = await tokenizerFor(models.strong)
  const transport = transportOf(options)
  const settings = { ...options, promptTokens: options.maxTokens }
  const limits = await modelLimits(models.strong, settings, transport)
  onProgress?.({ kind: 'limits', limits })
  const { promptTokens: maxTokens } = limits
  const sampledFrom = { runs: of, kinds }
  const goal = {
    objective: words ?? defaultObjective,
    ...(options.context === undefined ? {} : { context: options.context }),
  }
  const { variables, passes, notAsked } = askedAbout(
    await gathered.passes(chosen.map(({ run }) => run)),
    current,
    unreached,
    { ...options, goal, maxTokens, tokenizer },
  )
  const unclear = unclearNames(
    measures,
    passes.flatMap(({ targets }) => targets.map(({ feedback }) => feedback)),
  )
  const about = variables.map(chosenVariable)
  onProgress?.({ kind: 'variables', variables: about, leftOut: notAsked })
  const versions = new Map(variables.map(({ name, version }) => [name, version]))
  const problem: Problem = {
    variables,
    batch: makeBatch(passes, versions),
    ...goal,
    attempts: await earlierAttempts(
      store,
      [...digests, ...(gathered.earlier ?? [])],
      variables,
      measures,
      options.memory ?? defaultMemory,
    ),
    measures,
  }
  const runs = problem.batch.runs.map(({ graph }) => graph.run)
  const prompts: RenderedPrompt[] = []
  const onPrompt = (prompt: RenderedPrompt) => {
    prompts.push(prompt)
    const { seen, given } = prompt
    onProgress?.({ kind: 'prompt', shown: amountOf(seen), of: amountOf(given) })
  }
  const common = { models, tokenizer, maxTokens, onPrompt }
  if (options.dryRun || !transport) {
    const asked = { ...common, answerTokens: limits.answerTokens }
    const preview = await previewOf(strategy, problem, asked, options.prices)
    const spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }
    const [first] = prompts
    const seen = first?.seen ?? allOf(problem.batch)
    const omitted = first ? [first.omitted] : []
    const leftOut = leftOutOf(digests, seen, omitted, notAsked)
    const nothing = { step: null, proposals: [], repeated: false, reasoning: '' }
    const told = { omitted, seen, leftOut, variables: about }
    return { ...nothing, ...told, objective, unclear, unreached, runs, sampledFrom, spent, preview }
  }
  const { maxTotalTokens, ...llmOptions } = options
  const llm = createLlm({
    ...llmOptions,
    maxTokens: maxTotalTokens,
    promptTokens: options.maxTokens,
    transport,
    store,
    onCall: (call, spent) => onProgress?.({ kind: 'call', call, spent }),
    ...(onProgress
      ? { onActivity: (activity: LlmActivity) => onProgress({ kind: 'asking', activity }) }
      : {}),
  })
  const take = takeOf(llm, store, options)
  let suggestions: readonly Suggestion[]
  try {
    suggestions = await strategy.propose(problem, { llm: take.llm, ...common })
  } finally {
    // What was asked beside a question that failed is paid for: it is kept for the next time.
    await llm.end?.()
  }
  const proposed = suggestions.flatMap((suggestion) => {
    const shown = seenBy([suggestion], problem.batch)
    const leftOut = leftOutOf(digests, shown, [suggestion.omitted], notAsked)
    const evidence = { passes, seen: shown, leftOut }
    return proposalsOf(suggestion, variables, evidence, strategy.name, models.strong)
  })
  const proposals = await markAlike(store, distinct(proposed))
  await store.addProposals(proposals)
  const news = await take.finish()
  const repeated = llm.spent.calls === 0 && suggestions.some(({ calls }) => calls.length > 0)
  // A step that was stopped at its very end, or taken by an earlier version, is known as finished only now.
  if (repeated && news && options.again) return optimizeGathered(store, gathered, current, options)
  const seen = seenBy(suggestions, problem.batch)
  const omitted = suggestions.map((suggestion) => suggestion.omitted)
  return {
    step: proposals[0]?.step ?? null,
    proposals: await Promise.all(proposals.map(({ id }) => store.proposal(id))),
    repeated,
    reasoning: suggestions.map(({ reasoning }) => reasoning).join('\n\n'),
    objective,
    unclear,
    unreached,
    runs,
    sampledFrom,
    omitted,
    seen,
    leftOut: leftOutOf(digests, seen, omitted, notAsked),
    variables: about,
    spent: llm.spent,
    preview: null,
  }
}

/** Who is asked; a dry run without an endpoint asks nobody. */
function transportOf({
  transport,
  client,
  dryRun,
  ...settings
}: Omit<OptimizeOptions, 'runs' | 'file'>): ChatTransport | undefined {
  if (transport) return transport
  if (client) return openaiTransport(client, settings)
  const isReachable = process.env.OPENAI_API_KEY || process.env.OPENAI_BASE_URL
  return dryRun && !isReachable ? undefined : openaiTransport(openaiClient(settings), settings)
}

function chooseModels({
  model,
  models = {},
  dryRun,
}: Pick<OptimizeOptions, 'model' | 'models' | 'dryRun'>): Models {
  const strong = model ?? (dryRun ? dryRunModel() : defaultModel())
  return {
    strong,
    cheap: models.cheap ?? (process.env.TRACE2_MODEL_CHEAP || strong),
    judge: models.judge ?? (process.env.TRACE2_MODEL_JUDGE || strong),
  }
}
