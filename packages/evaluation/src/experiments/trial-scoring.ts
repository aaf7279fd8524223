import type { Json } from '@trace2/core'
import type { Case, Store, Trial, TrialScore } from '@trace2/store'
import { baseId } from './candidate.ts'
import { metricOf, type Scorer } from './scorer.ts'
import { Told } from './told.ts'
import type { WorkItem } from './work.ts'

export interface ScoringOptions {
  readonly store: Pick<Store, 'putTrials'>
  readonly scorer: Scorer
  readonly metric: string
  readonly signal?: AbortSignal
  /** Milliseconds after which guides that have said nothing are given up. Default 600,000. */
  readonly scoringLimitMs?: number
}

const usualLimitMs = 600_000

/** Scoring that takes longer has the output stored before: it is not paid for again if the process ends meanwhile. */
const scoringAtOnceMs = 100

/** What the base gave; no output where its trial ended without one. */
interface BaseOutput {
  readonly output?: Json
}

/** Scores trials as they end, and stores them scored. */
export class TrialScoring {
  readonly #options: ScoringOptions
  /** By case and repeat: what the base gave, for guides that compare with it. */
  readonly #baseOutputs = new Map<string, Told<BaseOutput>>()
  #isStopped = false

  constructor(options: ScoringOptions) {
    this.#options = options
  }

  /**
   * @returns nothing where it was interrupted, or the base's trial beside it was: what the agent gave is kept and scored
   * when the experiment goes on.
   */
  async score(trial: Trial, item: WorkItem): Promise<Trial | undefined> {
    const { case: of, repeat } = item
    const { store, scorer, metric, signal } = this.#options
    this.noteBase(item, trial)
    const base = scorer.needsBase ? await this.#outputOfBase(of, repeat).value : {}
    if (base === undefined) {
      await store.putTrials([trial])
      return undefined
    }
    const { scoringLimitMs = usualLimitMs } = this.#options
    const scoring = within(
      scoringLimitMs,
      scorer.score(of, trial.output, {
        ...(base.output === undefined ? {} : { base: base.output }),
        ...(signal ? { signal } : {}),
      }),
      () => scorer.guides.map((guide) => unanswered(guide, scoringLimitMs)),
    )
    let scores: readonly TrialScore[]
    try {
      if (await takesLongerThan(scoring, scoringAtOnceMs)) await store.putTrials([trial])
      scores = await scoring
    } catch (error) {
      await store.putTrials([trial])
      if (signal?.aborted) return undefined
      throw error
    }
    const scored = { ...trial, scores, score: metricOf(scores, metric) }
    await store.putTrials([scored])
    return scored
  }

  /** Tells candidates what the base gave, where this is a trial of the base that has an output. */
  noteBase({ case: of, candidate, repeat }: WorkItem, { outcome, output }: Trial): void {
    if (candidate.id !== baseId || outcome !== 'done') return
    this.#outputOfBase(of, repeat).tell({ output })
  }

  /** A base that has ended without an output is waited for by nobody. */
  endBase({ case: of, candidate, repeat }: WorkItem): void {
    if (candidate.id === baseId) this.#outputOfBase(of, repeat).tell({})
  }

  /** A base that was interrupted gives nothing now, and may when the experiment goes on. */
  abandonBase({ case: of, candidate, repeat }: WorkItem): void {
    if (candidate.id === baseId) this.#outputOfBase(of, repeat).tell(undefined)
  }

  /** Nobody waits any longer: no trial of the base begins any more. */
  stop(): void {
    for (const told of this.#baseOutputs.values()) told.tell(undefined)
    this.#isStopped = true
  }

  /** The base's output of a trial that has begun before those of the candidates; nothing where it does not end. */
  #outputOfBase({ id }: Case, repeat: number): Told<BaseOutput> {
    const key = `${id} ${repeat}`
    const told = this.#baseOutputs.get(key) ?? new Told<BaseOutput>()
    this.#baseOutputs.set(key, told)
    if (this.#isStopped) told.tell(undefined)
    return told
  }
}

async function takesLongerThan(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), ms)
  })
  try {
    return await Promise.race([work.then(() => false), late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a promise gives, or something else where it takes too long: a guide may be anybody's code, and never answer. */
async function within<T>(ms: number, promise: Promise<T>, instead: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(instead()), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function unanswered(guide: string, ms: number): TrialScore {
  const error = `It gave no verdict in ${Math.round(ms / 1000)} seconds.`
  return { guide, score: null, label: null, comment: null, error }
}
