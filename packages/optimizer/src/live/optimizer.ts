import { groupBy, type Json, parameterKind } from '@trace2/core'
import { isParameter, type Parameter } from '@trace2/instrumentation'
import type { Feedback, NewFeedback, Proposal } from '@trace2/store'
import { backward } from '../backward/index.ts'
import { type Digest, measuresOf, type Pass } from '../batch/index.ts'
import { raise } from '../errors.ts'
import type { Evaluate, Strategy } from '../optimizers/index.ts'
import type { CurrentParameter } from '../proposals/index.ts'
import { gathered, type OptimizeOptions, optimizeGathered, type StepResult } from '../step/index.ts'
import { compareText } from '../text/order.ts'
import { isBetter } from '../values/index.ts'
import { absentParameters } from './absent.ts'
import type { Recording } from './recording.ts'
import { inWordsOfOptions } from './remedies.ts'
import { digestOfSaved, readSaved, type SavedOptimizer, savedRun } from './saved.ts'
import { feedbackOn, type LiveFeedback } from './targets.ts'
import { jsonValueOf, putInForce, type Trial, tryOut } from './trial.ts'

/** Options of an optimizer in one process. */
export interface LiveOptions
  extends Omit<
    OptimizeOptions,
    'runs' | 'file' | 'bases' | 'strategy' | 'parameters' | 'projections' | 'again'
  > {
  /**
   * Scores the values in force; a higher score is better. {@link LiveOptimizer.step} calls it with the present values in
   * force, and then with the proposed ones. It keeps the proposed values only if they score higher.
   */
  readonly evaluate?: Evaluate
}

/** The result of a step in one process. */
export interface LiveStepResult extends StepResult {
  /** The proposals whose values are in force now. */
  readonly applied: readonly Proposal[]
  /** The scores of the present and of the proposed values. `null` without an evaluator or without proposals. */
  readonly trial: Trial | null
}

/** Parameters, or lists of parameters, at any depth. */
export type LiveParameters = readonly (Parameter<unknown> | LiveParameters)[]

/** Runs of earlier steps that are known to have tried a value. */
const remembered = 200

/**
 * The optimization loop in one process: run, `zeroFeedback()`, `backward(output, feedback)`, `await step()`, run again. It uses
 * the same store, backward pass and strategies as the offline loop, over the runs of this process.
 */
export class LiveOptimizer {
  readonly #parameters: ReadonlyMap<string, Parameter<unknown>>
  readonly #strategy: Strategy
  readonly #options: LiveOptions
  readonly #recording: Recording
  #feedback: { readonly given: NewFeedback; stored?: Promise<Feedback> }[] = []

  /** The number of a step that has not come to its end: called again, it goes on where it was. */
  #take: number | undefined

  /** Runs of steps before, whose feedback is forgotten but not what was tried. */
  #earlier: readonly Digest[] = []

  /** Programs use `OptoPrime` or `liveOptimizer`, which give the recording of the process. */
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
   * Forgets the feedback given so far. Without this call feedback adds up from step to step. Later steps are still shown the
   * values that were tried and their scores (`memory`).
   */
  zeroFeedback(): void {
    this.#feedback = []
  }

  /**
   * Gives feedback on an output. The next step carries it back to the parameters.
   *
   * The target is one of these: a node; a value that a bundle returned (for a text or a number, the latest equal one); an error
   * that a bundle threw; or a list of these, with one piece of feedback for all or one for each. For an error, the feedback may be
   * left out; its message is used.
   *
   * @throws `T2_TARGET_UNKNOWN` if no recorded call produced the target; `T2_TARGET_PROMISE` if it is a promise;
   * `T2_FEEDBACK_COUNT` if the two lists differ in length. The feedback is then not recorded.
   * @example optimizer.backward(output, 'Make it shorter.')
   */
  backward(target: unknown, feedback?: LiveFeedback | readonly LiveFeedback[]): void {
    this.#feedback.push(...feedbackOn(target, feedback).map((given) => ({ given })))
  }

  /**
   * Asks for better values and returns them as proposals. No value changes.
   *
   * @throws `T2_NOTHING_RECORDED` before the first recorded call; `T2_NO_FEEDBACK` before the first feedback;
   * `T2_TARGET_OPEN` if a call with feedback has not ended; `T2_NO_TRAINABLE_PARAMETER` or `T2_FEEDBACK_UNREACHED` if
   * there is nothing to learn from; `T2_PROMPT_BUDGET`, `T2_BUDGET_SPENT` or `T2_PRICE_UNKNOWN` if a limit does not
   * allow the step; `T2_MODEL_UNSET`, `T2_MODEL_CALL` or `T2_MODEL_ANSWER` if no model gave a valid answer.
   */
  async propose(): Promise<StepResult> {
    try {
      return await this.#propose()
    } catch (error) {
      throw inWordsOfOptions(error)
    }
  }

  async #propose(): Promise<StepResult> {
    const { store, flush } = this.#recording
    await flush()
    if (this.#feedback.length === 0) throw await this.#nothingGiven()
    const feedback: Feedback[] = []
    for (const each of this.#feedback) {
      each.stored ??= store.addFeedback(each.given)
      feedback.push(await each.stored)
    }
    const passes = await this.#carryBack(feedback)
    const carried = new Set(
      passes.flatMap(({ targets }) => targets.map((target) => target.feedback)),
    )
    const open = feedback.length - carried.size
    if (open > 0) {
      throw raise(
        'T2_TARGET_OPEN',
        `Of ${feedback.length} pieces of feedback, ${open} lie on calls that have not ended, or that have several runs inside them.`,
      )
    }
    const names = this.#parameters.keys()
    const absent = absentParameters(
      passes.map(({ graph }) => graph),
      names,
    )
    const measures = measuresOf(await store.feedbackNames(), this.#options.objective)
    const runs = gathered(passes, measures)
    const known = new Set(runs.digests.map(({ run }) => run))
    const earlier = this.#earlier.filter(({ run }) => !known.has(run))
    this.#earlier = [...earlier, ...runs.digests].slice(-remembered)
    this.#take ??= this.#recording.nextTake()
    const result = await optimizeGathered(store, { ...runs, earlier, absent }, this.#current(), {
      ...this.#options,
      strategy: this.#strategy,
      take: this.#take,
    })
    this.#take = undefined
    return result
  }

  async #nothingGiven(): Promise<Error> {
    const [any] = await this.#recording.store.runs({ limit: 1 })
    return any
      ? raise('T2_NO_FEEDBACK', 'backward() has not been called since zeroFeedback().')
      : raise('T2_NOTHING_RECORDED', 'No call of a bundle has been recorded in this process yet.')
  }

  /** The runs that feedback lies on, latest first, with it carried back over each. */
  async #carryBack(feedback: readonly Feedback[]): Promise<Pass[]> {
    const { store } = this.#recording
    const traces = groupBy(feedback, ({ traceId }) => traceId)
    const byTrace = groupBy(await store.runs({ hasFeedback: true, limit: 0 }), (run) => run.traceId)
    // Of runs that the clock does not tell apart, those that feedback was given on first.
    const runs = [...traces.keys()]
      .flatMap((traceId) => byTrace.get(traceId) ?? [])
      .sort((a, b) => compareText(b.startedAt, a.startedAt))
    const names = [...this.#parameters.keys()]
    const passes: Pass[] = []
    // Outside run(), each call is a trace of its own, and links lead from one to the next.
    const ids = runs.map(({ id }) => id)
    for await (const graph of store.graphs(ids, { followLinks: true })) {
      const given = traces.get(graph.run.slice(0, 32)) ?? []
      const pass = backward(graph, given, { ...this.#options, parameters: names })
      if (pass.targets.length > 0) passes.push(pass)
    }
    return passes
  }

  /**
   * Asks for better values as {@link propose} does, and puts them in force in this process from the next run on. With
   * `evaluate`, that happens only if they score higher than the present values. Without it, a text that lost a placeholder is
   * not put in force. A step after a finished one asks the model again; a step after a failed one continues it.
   */
  async step(): Promise<LiveStepResult> {
    const result = await this.propose()
    const { proposals } = result
    const { evaluate } = this.#options
    if (evaluate && proposals.length > 0) {
      const { store } = this.#recording
      const trial = await tryOut(proposals, this.#parameters, evaluate, store)
      return { ...result, applied: isBetter(trial.proposed, trial.present) ? proposals : [], trial }
    }
    const applied = proposals.filter(({ marks = [] }) =>
      marks.every(({ kind }) => kind !== 'placeholders'),
    )
    putInForce(applied, this.#parameters)
    return { ...result, applied, trial: null }
  }

  /**
   * Returns the values in force and the values tried before, as JSON, for use in another process. Feedback is not included,
   * because its runs end with the process.
   */
  save(): SavedOptimizer {
    const values = [...this.#current()].map(([name, { value }]): [string, Json] => [name, value])
    return {
      trace2: 1,
      parameters: Object.fromEntries(values),
      tried: this.#earlier.map(savedRun),
    }
  }

  /**
   * Continues from the result of {@link save}: puts its values in force and shows later steps the values that were tried.
   * Parameters that this optimizer does not have are ignored.
   *
   * @throws `T2_SAVED_OPTIMIZER` if this is not a result of `save`, or a value does not fit its parameter. Nothing is changed
   * then.
   * @example optimizer.load(JSON.parse(await readFile('optimizer.json', 'utf8')))
   */
  load(saved: unknown): void {
    const { parameters, tried } = readSaved(saved)
    const values = Object.entries(parameters).flatMap(([name, value]) => {
      const parameter = this.#parameters.get(name)
      return parameter ? [{ parameter, value }] : []
    })
    for (const { parameter, value } of values) {
      const fault = parameter.findFault(value)
      if (fault === undefined) continue
      throw raise(
        'T2_SAVED_OPTIMIZER',
        `The value saved for ${parameter.name} does not fit: ${fault}`,
      )
    }
    for (const { parameter, value } of values) parameter.update(value)
    this.#earlier = tried.map(digestOfSaved).slice(-remembered)
  }

  #current(): ReadonlyMap<string, CurrentParameter> {
    return new Map(
      [...this.#parameters.values()].map((parameter) => {
        const { name, version, description, trainable } = parameter
        const value = jsonValueOf(parameter)
        const schema = parameter.schema ?? null
        const findFault = (proposed: unknown) => parameter.findFault(proposed)
        const valueKind = parameterKind(value, schema, parameter.kind)
        const about = { name, version, value, valueKind, description, schema, trainable }
        return [name, { ...about, projection: parameter, findFault }]
      }),
    )
  }
}

function flatten(parameters: LiveParameters): Parameter<unknown>[] {
  return parameters.flatMap((each) => {
    if (isParameter(each)) return [each]
    if (Array.isArray(each)) return flatten(each)
    throw raise('T2_NO_TRAINABLE_PARAMETER', `${String(each)} is no parameter.`)
  })
}
