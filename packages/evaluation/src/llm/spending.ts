import { raise } from '../errors.ts'

/** Limits for what may be spent. A limit that is left out does not apply. */
export interface SpendingLimits {
  /** Number of calls. */
  readonly maxCalls?: number | undefined
  /** Number of input and output tokens together. */
  readonly maxTokens?: number | undefined
  /** Cost in US dollars. It needs models whose price is known. */
  readonly maxCostUsd?: number | undefined
}

/** What was spent on model calls. */
export interface Spent {
  /** Number of calls. */
  readonly calls: number
  /** Tokens of all requests. */
  readonly inputTokens: number
  /** Tokens of all answers. */
  readonly outputTokens: number
  /** Cost of all calls, in US dollars. `null` if the price of any call is unknown. */
  readonly costUsd: number | null
  /** Whether some of the tokens were estimated, because the endpoint did not report them. */
  readonly estimated?: boolean
}

/** What a call used, or may use. */
interface Used {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
  readonly estimated?: boolean
}

/** A call before it is made. */
export interface Wanted {
  readonly model: string
  /** Tokens of the request. */
  readonly inputTokens: number
  /** Length of the longest answer that is wanted, in tokens. */
  readonly outputTokens: number
  /** Length of the shortest answer that is worth the call, in tokens. */
  readonly leastOutput: number
  /** USD with an answer of so many tokens; `null` where no price is known. */
  readonly cost: (outputTokens: number) => number | null
}

export interface Reservation {
  /** The longest answer that the limits leave room for. */
  readonly outputTokens: number
  /** Says what the call did cost. Only the first word counts. */
  settle(actual: Used): void
  /** Gives back what a call would have cost that was not made. */
  release(): void
}

/**
 * Keeps to limits: each call reserves the most it can cost before it is made, so that calls in parallel cannot pass
 * a limit together, and settles what it did cost after. Most calls cost far less than they reserve, so a call that does
 * not fit beside those under way waits until they end.
 */
export class Spending {
  readonly #limits: SpendingLimits
  /** What was spent so far. A call under way counts as a call; its tokens and cost count when it ends. */
  #spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, priced: true, estimated: false }
  #reserved = { calls: 0, tokens: 0, costUsd: 0 }
  #turn: Promise<unknown> = Promise.resolve()
  #ended = () => {}

  /** @throws `T2_MODEL_SETTING` where a limit is no number of at least 0: it would hold nothing back. */
  constructor(limits: SpendingLimits = {}) {
    for (const name of ['maxCalls', 'maxTokens', 'maxCostUsd'] as const) {
      const limit = limits[name]
      if (limit === undefined || limit >= 0) continue
      throw raise('T2_MODEL_SETTING', `${name} is ${limit}, not a number of at least 0.`)
    }
    this.#limits = limits
  }

  get spent(): Spent {
    const { calls, inputTokens, outputTokens, costUsd, priced, estimated } = this.#spent
    const sums = { calls, inputTokens, outputTokens, costUsd: priced ? costUsd : null }
    return estimated ? { ...sums, estimated } : sums
  }

  /**
   * Waits in turn until the call fits. Where nothing else is under way, what is left of the limits decides how long the
   * answer may be, so that a small limit can be spent to its end.
   *
   * @param mayBegin throws where the call is not to be made any more; it is asked again after each wait.
   * @throws `T2_BUDGET_SPENT` where the call could pass a limit although no other is under way; `T2_PRICE_UNKNOWN` where
   * USD are limited and the price is not known.
   */
  reserve(wanted: Wanted, mayBegin: () => void = () => {}): Promise<Reservation> {
    const mine = this.#turn.then(() => this.#fitting(wanted, mayBegin))
    // A call that is refused leaves its place to the next.
    this.#turn = mine.catch(() => {})
    return mine
  }

  async #fitting(wanted: Wanted, mayBegin: () => void): Promise<Reservation> {
    for (;;) {
      mayBegin()
      const found = this.#find(wanted)
      if (typeof found !== 'string') return found
      if (this.#reserved.calls === 0) throw this.#reached(found)
      await new Promise<void>((resolve) => {
        this.#ended = resolve
      })
    }
  }

  /** Room for a call, or the limit that leaves none. */
  #find(wanted: Wanted): Reservation | string {
    const { maxCalls, maxCostUsd } = this.#limits
    const { model, inputTokens, leastOutput, cost } = wanted
    if (maxCalls !== undefined && this.#spent.calls + 1 > maxCalls) {
      return `The limit of ${counted(maxCalls, 'model call')} is reached.`
    }
    if (maxCostUsd !== undefined && cost(0) === null) {
      throw raise('T2_PRICE_UNKNOWN', `USD are limited, but the price of ${model} is not known.`)
    }
    const least = this.#reserved.calls === 0 ? leastOutput : wanted.outputTokens
    const outputTokens = Math.min(wanted.outputTokens, this.#roomInTokens(wanted))
    if (outputTokens < least) {
      return `The next call may need ${inputTokens + least} tokens, which could pass the limit of ${this.#limits.maxTokens}.`
    }
    const affordable = Math.min(outputTokens, this.#roomInUsd(wanted))
    if (affordable < least) {
      return `The next call may cost $${(cost(least) ?? 0).toFixed(4)}, which could pass the limit of $${maxCostUsd}.`
    }
    return this.#hold(inputTokens + affordable, cost(affordable) ?? 0, affordable)
  }

  #roomInTokens({ inputTokens }: Wanted): number {
    const { maxTokens = Number.POSITIVE_INFINITY } = this.#limits
    const { inputTokens: input, outputTokens: output } = this.#spent
    return maxTokens - input - output - this.#reserved.tokens - inputTokens
  }

  #roomInUsd({ outputTokens, cost }: Wanted): number {
    const { maxCostUsd } = this.#limits
    const [prompt, whole] = [cost(0), cost(outputTokens)]
    if (maxCostUsd === undefined || prompt === null || whole === null) return outputTokens
    const left = maxCostUsd - this.#spent.costUsd - this.#reserved.costUsd
    if (left >= whole) return outputTokens
    return left < prompt ? -1 : Math.floor(((left - prompt) / (whole - prompt)) * outputTokens)
  }

  #reached(what: string): Error {
    const { calls, inputTokens, outputTokens, costUsd } = this.spent
    const tokens = `${inputTokens.toLocaleString('en-US')} tokens in, ${outputTokens.toLocaleString('en-US')} out`
    const cost = costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(4)}`
    const soFar =
      calls === 0
        ? 'No call has been made.'
        : `So far: ${counted(calls, 'model call')}, ${tokens}, ${cost}; what was answered is kept.`
    return raise('T2_BUDGET_SPENT', `${what} ${soFar}`)
  }

  #hold(tokens: number, costUsd: number, outputTokens: number): Reservation {
    this.#spent.calls++
    this.#reserved.calls++
    this.#reserved.tokens += tokens
    this.#reserved.costUsd += costUsd
    let isOpen = true
    const close = () => {
      if (!isOpen) return false
      isOpen = false
      this.#reserved.calls--
      this.#reserved.tokens -= tokens
      this.#reserved.costUsd -= costUsd
      this.#ended()
      return true
    }
    return {
      outputTokens,
      release: () => {
        if (close()) this.#spent.calls--
      },
      settle: (actual) => {
        if (!close()) return
        this.#spent.inputTokens += actual.inputTokens
        this.#spent.outputTokens += actual.outputTokens
        if (actual.estimated) this.#spent.estimated = true
        if (actual.costUsd === null) this.#spent.priced = false
        else this.#spent.costUsd += actual.costUsd
      },
    }
  }
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
