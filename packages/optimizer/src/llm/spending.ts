import { raise } from '../errors.ts'

/** What may be spent; a limit that is not given does not hold. */
export interface SpendingLimits {
  readonly maxCalls?: number | undefined
  /** Input and output tokens together. */
  readonly maxTokens?: number | undefined
  readonly maxCostUsd?: number | undefined
}

export interface Spent {
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** `null` once a call was made whose price is unknown. */
  readonly costUsd: number | null
}

interface Estimate {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
}

/**
 * Keeps to limits: each call reserves the most it can cost before it is made, so that calls in parallel cannot pass
 * a limit together, and settles what it did cost after.
 */
export class Spending {
  readonly #limits: SpendingLimits
  #spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, priced: true }
  #reserved = { tokens: 0, costUsd: 0 }

  constructor(limits: SpendingLimits = {}) {
    this.#limits = limits
  }

  get spent(): Spent {
    const { calls, inputTokens, outputTokens, costUsd, priced } = this.#spent
    return { calls, inputTokens, outputTokens, costUsd: priced ? costUsd : null }
  }

  /**
   * @throws `T2_BUDGET_SPENT` where the call could pass a limit; `T2_PRICE_UNKNOWN` where USD are limited and the
   * price is not known.
   */
  reserve(most: Estimate, model: string): { settle(actual: Estimate): void } {
    const { maxCalls, maxTokens, maxCostUsd } = this.#limits
    const { calls, inputTokens, outputTokens, costUsd } = this.#spent
    const tokens = most.inputTokens + most.outputTokens
    if (maxCalls !== undefined && calls + 1 > maxCalls) {
      throw raise('T2_BUDGET_SPENT', `The limit of ${maxCalls} model calls is reached.`)
    }
    const allTokens = inputTokens + outputTokens + this.#reserved.tokens + tokens
    if (maxTokens !== undefined && allTokens > maxTokens) {
      throw raise(
        'T2_BUDGET_SPENT',
        `The next call may need ${tokens} tokens, which could pass the limit of ${maxTokens}.`,
      )
    }
    if (maxCostUsd !== undefined) {
      if (most.costUsd === null) {
        throw raise('T2_PRICE_UNKNOWN', `USD are limited, but the price of ${model} is not known.`)
      }
      const all = costUsd + this.#reserved.costUsd + most.costUsd
      if (all > maxCostUsd) {
        throw raise(
          'T2_BUDGET_SPENT',
          `The next call may cost $${most.costUsd.toFixed(4)}, which could pass the limit of $${maxCostUsd} ($${costUsd.toFixed(4)} spent).`,
        )
      }
    }
    const reservation = { tokens, costUsd: most.costUsd ?? 0 }
    this.#spent.calls++
    this.#reserved.tokens += reservation.tokens
    this.#reserved.costUsd += reservation.costUsd
    return {
      settle: (actual) => {
        this.#reserved.tokens -= reservation.tokens
        this.#reserved.costUsd -= reservation.costUsd
        this.#spent.inputTokens += actual.inputTokens
        this.#spent.outputTokens += actual.outputTokens
        if (actual.costUsd === null) this.#spent.priced = false
        else this.#spent.costUsd += actual.costUsd
      },
    }
  }
}
