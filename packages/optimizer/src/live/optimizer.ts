import type { Feedback, FeedbackSource, NewFeedback } from '@trace2/collector/store'
import { isParameter, type Parameter } from '@trace2/instrumentation'
import { findOutput, type SpanIds } from '@trace2/instrumentation/live'
import { backward } from '../backward/index.ts'
import type { Digest } from '../batch/index.ts'
import { raise } from '../errors.ts'
import { groupBy } from '../group-by.ts'
import type { Strategy } from '../optimizers/index.ts'
import type { CurrentParameter } from '../proposals/index.ts'
import { gathered, type OptimizeOptions, optimizeGathered, type StepResult } from '../step/index.ts'
import type { Recording } from './recording.ts'

/** What was thought of an output: words, a number, or both. */
export type LiveFeedback =
  | string
  | number
  | {
      readonly name?: string
      readonly score?: number
      readonly label?: string
      readonly comment?: string
      readonly source?: FeedbackSource
    }

export type LiveOptions = Omit<
  OptimizeOptions,
  'runs' | 'file' | 'strategy' | 'parameters' | 'projections'
>

/** Parameters as a bundle or a program gathers them; lists in lists are taken as one. */
export type LiveParameters = readonly (Parameter<unknown> | LiveParameters)[]

/** Runs of earlier steps that are known to have tried a value. */
const remembered = 200

/**
 * The classic loop in one process: run, `zeroFeedback()`, `backward(output, feedback)`, `await step()`, run again.
 * The same store, backward pass and strategies as offline; only the runs are this process's own.
 */
export class LiveOptimizer {
  readonly #parameters: ReadonlyMap<string, Parameter<unknown>>
  readonly #strategy: Strategy
  readonly #options: LiveOptions
  readonly #recording: Recording
  #feedback: { readonly given: NewFeedback; stored?: Promise<Feedback> }[] = []

  /** Runs of steps before, whose feedback is forgotten but not what was tried. */
  #earlier: readonly Digest[] = []

  constructor(
    parameters: LiveParameters,
    strategy: Strategy,
    options: LiveOptions,
    recording: Recording,
  ) {
    this.#parameters = new Map(flatten(parameters).map((parameter) => [parameter.name, parameter]))
    this.#strategy = strategy
    this.#options = options
    this.#recording = recording
  }

  /**
   * Forgets the feedback given so far; without it, feedback adds up from step to step. What was tried, and the scores that
   * earned, later steps are shown all the same (`memory`).
   */
  zeroFeedback(): void {
    this.#feedback = []
  }

  /**
   * Gives feedback on an output: a node, a value or promise-free result that a bundle returned (the latest equal one,
   * for a plain value), an error that one threw, or a list of these, with one feedback for all or one for each. For an
   * error its message can stand for the feedback. It is carried back to the parameters at the next step.
   *
   * @throws `T2_TARGET_UNKNOWN` where no recorded call produced the target; `T2_FEEDBACK_COUNT` where two lists differ in
   * length. Nothing is noted then.
   * @example optimizer.backward(output, 'Make it shorter.')
   */
  backward(target: unknown, feedback?: LiveFeedback | readonly LiveFeedback[]): void {
    this.#feedback.push(...landed(target, feedback).map((given) => ({ given })))
  }

  /** Asks for better values and returns them as proposals, without changing anything. */
  async propose(): Promise<StepResult> {
    const { store, flush } = this.#recording
    if (this.#feedback.length === 0) {
      throw raise('T2_NO_FEEDBACK', 'backward() has not been called since zeroFeedback().')
    }
    await flush()
    const feedback: Feedback[] = []
    for (const each of this.#feedback) {
      each.stored ??= store.addFeedback(each.given)
      feedback.push(await each.stored)
    }
    const traces = groupBy(feedback, ({ traceId }) => traceId)
    const names = [...this.#parameters.keys()]
    const passes = []
    for (const run of await store.runs({ limit: 0 })) {
      const given = traces.get(run.traceId)
      if (!given) continue
      // Outside run(), each call is a trace of its own, and links lead from one to the next.
      const graph = await store.graph(run.id, { followLinks: true })
      const pass = backward(graph, given, { ...this.#options, parameters: names })
      if (pass.targets.length > 0) passes.push(pass)
    }
    const runs = gathered(passes)
    const known = new Set(runs.digests.map(({ run }) => run))
    const earlier = this.#earlier.filter(({ run }) => !known.has(run))
    this.#earlier = [...earlier, ...runs.digests].slice(-remembered)
    return optimizeGathered(store, { ...runs, earlier }, this.#current(), {
      ...this.#options,
      strategy: this.#strategy,
    })
  }

  /** {@link propose}, then gives the parameters their new values in this process, from the next run on. */
  async step(): Promise<StepResult> {
    const result = await this.propose()
    for (const { parameter, value } of result.proposals) {
      this.#parameters.get(parameter)?.update(value)
    }
    return result
  }

  #current(): ReadonlyMap<string, CurrentParameter> {
    return new Map(
      [...this.#parameters.values()].map((parameter) => {
        const { name, version, description, trainable } = parameter
        // A parameter's value is JSON, or its span could not carry it.
        const value = JSON.parse(JSON.stringify(parameter.value ?? null))
        const schema = parameter.schema ?? null
        const findFault = (proposed: unknown) => parameter.findFault(proposed)
        const about = { name, version, value, description, schema, trainable }
        return [name, { ...about, projection: parameter, findFault }]
      }),
    )
  }
}

function flatten(parameters: LiveParameters): Parameter<unknown>[] {
  return parameters.flatMap((each) => {
    if (isList(each)) return flatten(each)
    if (isParameter(each)) return [each]
    throw raise('T2_NO_TRAINABLE_PARAMETER', `${String(each)} is no parameter.`)
  })
}

function isList<T>(value: T | readonly T[] | undefined): value is readonly T[] {
  return Array.isArray(value)
}

function landed(
  target: unknown,
  feedback: LiveFeedback | readonly LiveFeedback[] | undefined,
): NewFeedback[] {
  const ids = findOutput(target)
  if (ids) {
    const given = isList(feedback) ? feedback : [feedback]
    return given.map((each) => toFeedback(ids, each ?? messageOf(target)))
  }
  if (!Array.isArray(target)) {
    throw raise('T2_TARGET_UNKNOWN', 'No recorded call produced this value.')
  }
  if (isList(feedback) && feedback.length !== target.length) {
    throw raise(
      'T2_FEEDBACK_COUNT',
      `There are ${target.length} targets and ${feedback.length} pieces of feedback.`,
    )
  }
  return target.flatMap((each, at) => landed(each, isList(feedback) ? feedback[at] : feedback))
}

function messageOf(target: unknown): LiveFeedback {
  if (target instanceof Error) return { comment: `${target.name}: ${target.message}`, score: 0 }
  throw raise('T2_NO_FEEDBACK', 'Feedback in words or as a score is needed for an output.')
}

function toFeedback({ traceId, spanId }: SpanIds, feedback: LiveFeedback): NewFeedback {
  const content =
    typeof feedback === 'string'
      ? { comment: feedback }
      : typeof feedback === 'number'
        ? { score: feedback }
        : feedback
  return { name: 'feedback', ...content, traceId, spanId }
}
