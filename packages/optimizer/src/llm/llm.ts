import type { LlmCall, Store } from '@trace2/collector/store'
import { type Json, Trace2Error } from '@trace2/instrumentation/semconv'
import pLimit from 'p-limit'
import { raise } from '../errors.ts'
import { tokenizerFor } from '../prompt/tokens.ts'
import { paceOf, type RateLimits } from './pace.ts'
import { costOf, type PriceTable } from './prices.ts'
import { type ChatRequest, type ChatTransport, callIdOf, keyOf } from './request.ts'
import { Spending, type SpendingLimits, type Spent } from './spending.ts'

export interface LlmOptions extends SpendingLimits, RateLimits {
  readonly transport: ChatTransport
  /** Holds the answers: what was asked before is not paid for again. */
  readonly store: Pick<Store, 'putLlmCall' | 'findLlmCall'>
  readonly prices?: PriceTable
  /** Calls at the same time. Default 4. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  readonly onCall?: (call: LlmCall, spent: Spent) => void
}

/** A finished call, from the endpoint or from the store. */
export interface Answered {
  readonly text: string
  readonly finishReason: string
  readonly call: LlmCall
  readonly cached: boolean
}

/** Output tokens that a call may use where the request sets no limit. */
export const defaultOutputTokens = 8192

/** Asks models, within limits, remembering every answer. */
export interface Llm {
  /**
   * @throws `T2_BUDGET_SPENT`, `T2_PRICE_UNKNOWN`; `T2_MODEL_CALL` where the endpoint gave no answer, which is
   * recorded as failed.
   */
  call(purpose: string, request: ChatRequest): Promise<Answered>
  /** Records that the answer of a call is of no use, and why. The raw answer is kept, but another step asks again. */
  fail(call: LlmCall, fault: string): Promise<void>
  readonly spent: Spent
}

/** Makes an {@link Llm}. Equal requests, in parallel or in a later process, are one call. */
export function createLlm(options: LlmOptions): Llm {
  const { transport, store, prices, signal } = options
  const spending = new Spending(options)
  const limit = pLimit(options.concurrency ?? 4)
  const pace = paceOf(options)
  const underway = new Map<string, Promise<Answered>>()

  async function make(purpose: string, request: ChatRequest, key: string): Promise<Answered> {
    const outputTokens = request.maxOutputTokens ?? defaultOutputTokens
    const sent = { ...request, maxOutputTokens: outputTokens }
    const known = await store.findLlmCall(key)
    const before = known && answerIn(known)
    if (known && before) {
      const { inputTokens, outputTokens } = known
      await transport.onKnown?.(sent, { ...before, inputTokens, outputTokens })
      return { ...before, call: known, cached: true }
    }
    signal?.throwIfAborted()
    const tokenizer = await tokenizerFor(request.model)
    const inputTokens = request.messages.reduce(
      (sum, { content }) => sum + tokenizer.count(content) + 4,
      tokenizer.count(JSON.stringify(request.schema ?? '')),
    )
    const costUsd = costOf(request.model, inputTokens, outputTokens, prices)
    const reservation = spending.reserve({ inputTokens, outputTokens, costUsd }, request.model)
    const started: LlmCall = {
      id: callIdOf(request),
      key,
      purpose,
      model: request.model,
      request: JSON.parse(JSON.stringify(request)),
      response: null,
      status: 'started',
      error: null,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: null,
      startedAt: new Date().toISOString(),
      endedAt: null,
    }
    await store.putLlmCall(started)
    try {
      const begun = await pace(inputTokens + outputTokens, signal)
      const { text, finishReason, ...tokens } = await transport(
        sent,
        // One of its own, since the SDK leaves a listener on it.
        signal && AbortSignal.any([signal]),
      )
      const costUsd = costOf(request.model, tokens.inputTokens, tokens.outputTokens, prices)
      reservation.settle({ ...tokens, costUsd })
      begun.settle(tokens.inputTokens + tokens.outputTokens)
      const call: LlmCall = {
        ...started,
        ...tokens,
        response: { text, finishReason },
        status: 'done',
        costUsd,
        endedAt: new Date().toISOString(),
      }
      await store.putLlmCall(call)
      options.onCall?.(call, spending.spent)
      return { text, finishReason, call, cached: false }
    } catch (error) {
      reservation.settle({ inputTokens: 0, outputTokens: 0, costUsd: 0 })
      const message = error instanceof Error ? error.message : String(error)
      await store.putLlmCall({
        ...started,
        status: 'failed',
        error: message,
        endedAt: new Date().toISOString(),
      })
      signal?.throwIfAborted()
      if (error instanceof Trace2Error) throw error
      throw raise('T2_MODEL_CALL', `The call of ${request.model} failed: ${message}`, {
        cause: error,
      })
    }
  }

  return {
    get spent() {
      return spending.spent
    },
    fail: (call, fault) => store.putLlmCall({ ...call, status: 'failed', error: fault }),
    call(purpose, request) {
      const key = keyOf(request)
      const same = underway.get(key)
      if (same) return same
      const made = limit(() => make(purpose, request, key)).finally(() => underway.delete(key))
      underway.set(key, made)
      return made
    },
  }
}

function answerIn(call: LlmCall): { text: string; finishReason: string } | undefined {
  const response: Json = call.response
  if (call.status !== 'done' || typeof response !== 'object' || response === null) return undefined
  const text: unknown = Reflect.get(response, 'text')
  const finishReason: unknown = Reflect.get(response, 'finishReason')
  if (typeof text !== 'string') return undefined
  return { text, finishReason: typeof finishReason === 'string' ? finishReason : 'stop' }
}
