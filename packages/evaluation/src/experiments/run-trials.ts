import type { Candidate, Experiment, Store, Trial } from '@trace2/store'
import type { TrialAgent, TrialRequest } from '../agents/index.ts'
import { Alarms } from './alarms.ts'
import { AnswersFolder } from './answers-folder.ts'
import { type ExperimentBudget, type ExperimentSpending, exhausted, Spending } from './budget.ts'
import { baseId, changedParameters, valuesOfSide } from './candidate.ts'
import { trialId, trialKey } from './identity.ts'
import type { CaseGroup } from './order.ts'
import { OutageWatch } from './outage.ts'
import type { Scorer } from './scorer.ts'
import { Told } from './told.ts'
import { endedTrial, startedTrial } from './trial-rows.ts'
import { TrialScoring } from './trial-scoring.ts'
import { refuseUnknownCost } from './unpriced.ts'
import { type WorkItem, workOf } from './work.ts'

/** What the trials of an experiment need of a store. */
export type TrialStore = Pick<Store, 'putTrials' | 'trials' | 'findTrials' | 'writeSpans'>

export interface TrialsOptions {
  readonly store: TrialStore
  readonly experiment: Experiment
  readonly groups: readonly CaseGroup[]
  readonly agent: TrialAgent
  readonly scorer: Scorer
  readonly metric: string
  readonly budget: ExperimentBudget
  readonly parallel: number
  /** Tells apart the trials of experiments of one design. */
  readonly sample: number
  /** No further trial begins once it is aborted; those that run come to their ends. */
  readonly signal?: AbortSignal
  /** Folder in which the answers of a trial's model calls are kept until it has ended. Default: they are not. */
  readonly answers?: string
  /** Milliseconds after which guides that have said nothing are given up. Default 600,000. */
  readonly scoringLimitMs?: number
  /** Is told of each group when all trials of it and of those before it are there; a sentence stops the experiment. */
  readonly onGroup?: (group: CaseGroup, trials: readonly Trial[]) => string | undefined
  readonly onProgress?: (progress: TrialsProgress) => void
}

/** How far the trials of an experiment have come. */
export interface TrialsProgress {
  /** Number of trials that have ended. */
  readonly done: number
  /** Number of all trials. */
  readonly total: number
  /** Number of trials that are running. */
  readonly running: number
  /** What the trials have used so far. */
  readonly spent: ExperimentSpending
}

export interface TrialsResult {
  /** All that ended, in no order. */
  readonly trials: readonly Trial[]
  /** Groups of which all trials are there, and of those before them. */
  readonly groups: readonly CaseGroup[]
  /** Why it stopped before its end, in a sentence. */
  readonly stopped: string | undefined
  readonly spent: ExperimentSpending
  /** By candidate: what is to be said where its values were never used. */
  readonly unused: ReadonlyMap<string, string>
  /** Ids of the trials that an earlier call had run. */
  readonly earlier: ReadonlySet<string>
}

/** The agent's source is hashed again after so many trials. */
const trialsPerSourceCheck = 25

/**
 * Runs the trials of an experiment, some at a time, and stores each as it ends. What is stored already is not run again.
 * Everything a trial may do wrong costs that trial; what rejects is the store, or an agent that cannot be run at all.
 */
export async function runTrials(options: TrialsOptions): Promise<TrialsResult> {
  return new TrialRunner(options).run()
}

class TrialRunner {
  readonly #options: TrialsOptions
  readonly #work: Generator<WorkItem>
  /** Trials that met an outage, to be run again after all others; those that others wait for at once. */
  readonly #putOff: WorkItem[] = []
  readonly #alarms: Alarms
  readonly #outages = new OutageWatch()
  readonly #changed: readonly string[]
  readonly #spending = new Spending()
  readonly #stored = new Map<string, Trial>()
  /** Results of other experiments, by key. */
  readonly #known = new Map<string, Trial>()
  readonly #ended: Trial[][]
  readonly #perGroup: readonly number[]
  readonly #total: number
  readonly #began = performance.now()
  readonly #earlier: string[] = []
  #done = 0
  #running = 0
  #untilCheck = trialsPerSourceCheck
  #nextGroup = 0
  #stopped: string | undefined
  readonly #firstTrial = new Told<void>()
  readonly #scoring: TrialScoring
  readonly #answers: AnswersFolder | undefined

  constructor(options: TrialsOptions) {
    this.#options = options
    const { experiment, groups } = options
    const { candidates, repeats, seed } = experiment
    this.#changed = changedParameters(candidates)
    this.#scoring = new TrialScoring(options)
    this.#answers = options.answers === undefined ? undefined : new AnswersFolder(options.answers)
    this.#alarms = new Alarms(candidates, this.#changed)
    this.#work = workOf(groups, candidates, repeats, seed, options.scorer.needsBase)
    this.#ended = groups.map(() => [])
    this.#perGroup = groups.map(({ cases }) => cases.length * candidates.length * repeats)
    this.#total = this.#perGroup.reduce((sum, count) => sum + count, 0)
  }

  async run(): Promise<TrialsResult> {
    const { store, experiment, groups, parallel } = this.#options
    for (const trial of await store.trials(experiment.id)) this.#stored.set(trial.id, trial)
    await this.#findKnown()
    this.#tell()
    const ends = await Promise.allSettled(
      Array.from({ length: Math.max(parallel, 1) }, (_, index) => this.#worker(index)),
    )
    await this.#answers?.tidy()
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
    await this.#checkSource()
    return {
      trials: this.#ended.flat(),
      groups: groups.slice(0, this.#nextGroup),
      stopped: this.#stopped,
      spent: this.#spending.total,
      unused: this.#alarms.unused(),
      earlier: new Set(this.#earlier),
    }
  }

  /** Looks once for the results that trials of other experiments had. */
  async #findKnown(): Promise<void> {
    const { store, experiment, groups } = this.#options
    const { candidates, repeats, seed } = experiment
    let keys: string[] = []
    const look = async () => {
      for (const trial of await store.findTrials(keys)) this.#known.set(trial.key, trial)
      keys = []
    }
    for (const item of workOf(groups, candidates, repeats, seed, false)) {
      const key = this.#storedResult(item) ? null : this.#keyOf(item)
      if (key !== null) keys.push(key)
      if (keys.length === keysPerLook) await look()
    }
    if (keys.length > 0) await look()
  }

  #keyOf({ case: one, candidate, repeat }: WorkItem): string | null {
    const { experiment, sample } = this.#options
    return trialKey(experiment, one, candidate, sample * mostRepeats + repeat)
  }

  async #worker(index: number): Promise<void> {
    // The first trial tells what one costs: nobody spends more than a limit for want of knowing.
    if (index > 0 && this.#isLimited) await this.#firstTrial.value
    try {
      for (;;) {
        const item = this.#next()
        if (!item) return
        this.#running++
        const trial = await this.#trial(item).finally(() => this.#running--)
        // What was known before says nothing of what a trial costs now.
        if (trial && !trial.cached && !this.#storedResult(item)) this.#firstTrial.tell(undefined)
        if (!trial) {
          if (!this.#putOff.includes(item)) this.#scoring.abandonBase(item)
          continue
        }
        this.#scoring.endBase(item)
        await this.#end(trial, item)
      }
    } catch (error) {
      this.#stop('A failure ended the experiment.')
      throw error
    } finally {
      this.#firstTrial.tell(undefined)
      if (this.#stopped !== undefined) this.#scoring.stop()
    }
  }

  get #isLimited(): boolean {
    const { tokens, costUsd } = this.#options.budget
    return tokens !== undefined || costUsd !== undefined
  }

  #next(): WorkItem | undefined {
    const { signal, budget } = this.#options
    if (signal?.aborted) this.#stop('It was interrupted.')
    if (this.#stopped !== undefined) return undefined
    const value = this.#nextItem()
    if (!value) return undefined
    const elapsed = performance.now() - this.#began
    const reason = exhausted(budget, this.#spending.total, this.#running, elapsed)
    // What is stored costs nothing.
    if (reason === undefined || this.#storedResult(value)) return value
    this.#stop(reason)
    return undefined
  }

  #nextItem(): WorkItem | undefined {
    const [first] = this.#putOff
    if (first && this.#isWaitedFor(first)) return this.#putOff.shift()
    const { value, done } = this.#work.next()
    return done ? this.#putOff.shift() : value
  }

  #isWaitedFor({ candidate }: WorkItem): boolean {
    return candidate.id === baseId && this.#options.scorer.needsBase
  }

  #stop(reason: string): void {
    this.#stopped ??= reason
  }

  #storedResult({ case: { id }, candidate, repeat }: WorkItem): Trial | undefined {
    const { experiment } = this.#options
    const stored = this.#stored.get(trialId(experiment.id, candidate.id, id, repeat))
    const isEnded = stored && stored.outcome !== 'started' && stored.outcome !== 'interrupted'
    return isEnded ? stored : undefined
  }

  /** @returns nothing where the trial was interrupted, or is to be run again. */
  async #trial(item: WorkItem): Promise<Trial | undefined> {
    const { store, experiment, agent } = this.#options
    const stored = this.#storedResult(item)
    if (stored) {
      this.#scoring.noteBase(item, stored)
      // Its agent is paid for; only its guides may be missing.
      return stored.outcome === 'done' && stored.scores.length === 0
        ? this.#scoring.score(stored, item)
        : stored
    }
    const key = this.#keyOf(item)
    const begun = startedTrial(experiment.id, item, key)
    const known = key === null ? undefined : this.#known.get(key)
    if (known) {
      const { id, experiment: of, candidate, repeat } = begun
      return this.#scoring.score(
        // What guides said of it is another experiment's.
        { ...known, id, experiment: of, candidate, repeat, cached: true, scores: [], score: null },
        item,
      )
    }
    // Its row hides the trace of the trial, and so is there before any span of it.
    const marked = store.putTrials([begun])
    const running = agent.run({
      experiment: experiment.id,
      trial: begun.id,
      traceId: begun.traceId,
      case: item.case,
      values: this.#valuesOf(item.candidate),
      changed: this.#changed,
      ...(this.#answers ? { answers: this.#answers.fileFor(begun) } : {}),
    })
    const [answer] = await Promise.all([running, marked])
    this.#alarms.lookForUnclaimed(answer.unclaimed)
    const ended = endedTrial(begun, answer)
    const outage = this.#outages.metBy(ended)
    if (ended.outcome === 'interrupted' || outage !== undefined) {
      // Its spans are left: when it runs again, nothing hides this trace any more.
      await this.#keep({ ...ended, outcome: 'interrupted' })
      if (outage !== undefined) {
        this.#outages.check(outage, ended)
        if (this.#isWaitedFor(item)) this.#putOff.unshift(item)
        else this.#putOff.push(item)
      }
      return undefined
    }
    const [kept] = await Promise.all([
      ended.outcome === 'done' ? this.#scoring.score(ended, item) : this.#keep(ended),
      answer.spans.length > 0 ? store.writeSpans(answer.spans) : undefined,
    ])
    if (kept?.outcome === 'interrupted') return undefined
    await this.#answers?.end(begun)
    // It is paid for and kept; a limit that cannot be kept ends the experiment.
    if (this.#options.budget.costUsd !== undefined) refuseUnknownCost(answer)
    return kept
  }

  async #keep(trial: Trial): Promise<Trial> {
    await this.#options.store.putTrials([trial])
    return trial
  }

  #valuesOf(candidate: Candidate): TrialRequest['values'] {
    const values = valuesOfSide(this.#options.experiment.candidates[0], candidate)
    return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]))
  }

  async #end(trial: Trial, item: WorkItem): Promise<void> {
    this.#done++
    const isNew = !this.#storedResult(item)
    this.#spending.add(trial, !isNew)
    if (!isNew) this.#earlier.push(trial.id)
    this.#ended[item.group]?.push(trial)
    const alarm = this.#alarms.look(trial, item.candidate, isNew)
    if (alarm !== undefined) this.#stop(alarm)
    if (!trial.cached && --this.#untilCheck === 0) await this.#checkSource()
    this.#advance()
    this.#tell()
  }

  /** Groups are looked at in their order, whichever ends first. */
  #advance(): void {
    const { groups, onGroup } = this.#options
    for (;;) {
      const group = groups[this.#nextGroup]
      const trials = this.#ended[this.#nextGroup]
      if (!group || !trials || trials.length < (this.#perGroup[this.#nextGroup] ?? 0)) return
      this.#nextGroup++
      const reason = onGroup?.(group, trials)
      if (reason !== undefined) this.#stop(reason)
    }
  }

  async #checkSource(): Promise<void> {
    this.#untilCheck = trialsPerSourceCheck
    const { agent, experiment } = this.#options
    if (experiment.agentHash === null || (await agent.sourceHash()) === experiment.agentHash) return
    this.#stopped =
      'The source of the agent changed meanwhile: the trials before and after are not comparable.'
  }

  #tell(): void {
    this.#options.onProgress?.({
      done: this.#done,
      total: this.#total,
      running: this.#running,
      spent: this.#spending.total,
    })
  }
}

/** Keys that are looked for at the same time. */
const keysPerLook = 500
/** Samples of one experiment lie below those of the next. */
const mostRepeats = 1_000
