import { setTimeout } from 'node:timers/promises'

/** Limits for what may begin within any minute. A limit that is left out does not apply. */
export interface RateLimits {
  /**
   * Limit of the calls that begin within one minute. The client also waits where the endpoint asks for it. Default: no
   * limit.
   */
  readonly callsPerMinute?: number
  /**
   * Limit of the input and output tokens of all calls that begin within one minute. A call counts with the most tokens
   * that it may need; after its answer, with the tokens that it used. Default: no limit.
   */
  readonly tokensPerMinute?: number
}

/** Time as a pace sees it. */
export interface Clock {
  /** Milliseconds from any beginning. */
  now(): number
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** Waits until a call of at most so many tokens may begin; to be told how many it did need. */
export type Pace = (
  tokens: number,
  signal?: AbortSignal,
) => Promise<{ readonly settle: (tokens: number) => void }>

const minute = 60_000

/**
 * Keeps to rate limits: looks at what began in the minute before, and waits in turn until another call fits. A call that
 * alone is larger than the limit of tokens begins once nothing else is in that minute.
 */
export function paceOf(
  {
    callsPerMinute = Number.POSITIVE_INFINITY,
    tokensPerMinute = Number.POSITIVE_INFINITY,
  }: RateLimits,
  clock: Clock = systemClock,
): Pace {
  let begun: { readonly at: number; tokens: number }[] = []
  let turn: Promise<unknown> = Promise.resolve()
  let settled = () => {}

  /** Milliseconds until the call fits, as far as one can tell now. */
  function delay(tokens: number): number {
    const now = clock.now()
    begun = begun.filter(({ at }) => at > now - minute)
    const used = begun.reduce((sum, call) => sum + call.tokens, 0)
    const fits = begun.length < callsPerMinute && used + tokens <= tokensPerMinute
    const [oldest] = begun
    return fits || !oldest ? 0 : oldest.at + minute - now
  }

  /** Until the time is over or a call that is under way turns out to need less. */
  async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const less = new AbortController()
    settled = () => less.abort()
    try {
      await clock.wait(milliseconds, AbortSignal.any([less.signal, ...(signal ? [signal] : [])]))
    } catch (error) {
      signal?.throwIfAborted()
      if (!less.signal.aborted) throw error
    }
  }

  async function begin(tokens: number, signal?: AbortSignal) {
    for (let left = delay(tokens); left > 0; left = delay(tokens)) await wait(left, signal)
    const call = { at: clock.now(), tokens }
    begun.push(call)
    return {
      settle: (actual: number) => {
        call.tokens = actual
        settled()
      },
    }
  }

  return (tokens, signal) => {
    const mine = turn.then(() => begin(tokens, signal))
    // One that was stopped while it waited leaves its place to the next.
    turn = mine.catch(() => {})
    return mine
  }
}

const systemClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
}
