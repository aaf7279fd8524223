import { counted, formatCount } from '@trace2/core'
import type { Trial } from '@trace2/store'

/** What an experiment may use at most, over all its trials that were run for it. */
export interface ExperimentBudget {
  /** Number of trials. */
  readonly trials?: number
  /** Number of input and output tokens together. */
  readonly tokens?: number
  /** Cost in US dollars. */
  readonly costUsd?: number
  /** Time in milliseconds. */
  readonly timeMs?: number
}

/** What an experiment has used. */
export interface ExperimentSpending {
  /** Number of trials that were run for the experiment. */
  readonly trials: number
  /** How many of these trials an earlier call had run. */
  readonly earlier: number
  /** Number of trials whose result was taken from another experiment. */
  readonly cached: number
  /** Input and output tokens together. */
  readonly tokens: number
  /** Known cost of the trials, in US dollars. */
  readonly costUsd: number
  /** Number of trials whose cost is unknown. */
  readonly costUnknown: number
  /** Cost that replays have saved by answering from stored runs, in US dollars. */
  readonly savedUsd: number
}

/** Adds up what trials cost. */
export class Spending {
  #trials = 0
  #earlier = 0
  #cached = 0
  #tokens = 0
  #costUsd = 0
  #costUnknown = 0
  #savedUsd = 0

  /** @param isEarlier whether an earlier call had run it. */
  add({ cached, inputTokens, outputTokens, costUsd, replay }: Trial, isEarlier = false): void {
    if (cached) {
      this.#cached++
      return
    }
    this.#trials++
    if (isEarlier) this.#earlier++
    this.#tokens += inputTokens + outputTokens
    if (costUsd !== null) this.#costUsd += costUsd
    else this.#costUnknown++
    this.#savedUsd += replay?.savedUsd ?? 0
  }

  get total(): ExperimentSpending {
    return {
      trials: this.#trials,
      earlier: this.#earlier,
      cached: this.#cached,
      tokens: this.#tokens,
      costUsd: this.#costUsd,
      costUnknown: this.#costUnknown,
      savedUsd: this.#savedUsd,
    }
  }
}

/**
 * Why no further trial may begin; `undefined` where one may.
 *
 * @param running trials that have begun and not ended: each is taken to cost what the others did.
 */
export function exhausted(
  budget: ExperimentBudget,
  spent: ExperimentSpending,
  running: number,
  elapsedMs: number,
): string | undefined {
  const { trials, tokens, costUsd, timeMs } = budget
  const mean = (sum: number, of: number) => (of === 0 ? 0 : sum / of)
  const perTrial = (sum: number) => mean(sum, spent.trials)
  // A trial of unknown cost tells nothing of what the next one costs.
  const costPerTrial = mean(spent.costUsd, spent.trials - spent.costUnknown)
  const next = running + 1
  if (trials !== undefined && spent.trials + next > trials) {
    return `The limit of ${counted(trials, 'trial')} is reached.`
  }
  if (tokens !== undefined && spent.tokens + next * perTrial(spent.tokens) > tokens) {
    return `The limit of ${formatCount(tokens)} tokens is reached: ${formatCount(spent.tokens)} are spent, and a trial takes about ${formatCount(Math.ceil(perTrial(spent.tokens)))}.`
  }
  if (costUsd !== undefined && spent.costUsd + next * costPerTrial > costUsd) {
    return `The limit of $${costUsd} is reached: $${spent.costUsd.toFixed(4)} are spent, and a trial costs about $${costPerTrial.toFixed(4)}.`
  }
  if (timeMs !== undefined && elapsedMs >= timeMs) {
    return `The limit of ${Math.round(timeMs / 1000)} seconds is reached.`
  }
  return undefined
}

/** What is left of a budget. Time is counted anew each time. */
export function lessSpent(
  budget: ExperimentBudget,
  spent: Pick<ExperimentSpending, 'trials' | 'tokens' | 'costUsd'>,
): ExperimentBudget {
  const { trials, tokens, costUsd, timeMs } = budget
  return {
    ...(trials === undefined ? {} : { trials: trials - spent.trials }),
    ...(tokens === undefined ? {} : { tokens: tokens - spent.tokens }),
    ...(costUsd === undefined ? {} : { costUsd: costUsd - spent.costUsd }),
    ...(timeMs === undefined ? {} : { timeMs }),
  }
}
