import { type Json, Trace2Error } from '@trace2/core'
import type { LlmCall, Store } from '@trace2/store'
import pLimit from 'p-limit'
import { raise } from '../errors.ts'
import { type Tokenizer, tokenizerFor } from '../prompt/index.ts'
import { Activity, type LlmActivity } from './activity.ts'
import { type ModelLimits, modelLimits } from './limits.ts'
import { paceOf, type RateLimits } from './pace.ts'
import { costOf, type PriceTable } from './prices.ts'
import { type ChatRequest, type ChatTransport, callIdOf, keyOf } from './request.ts'
import { type ModelSettings, settingsOf } from './settings.ts'
import { Spending, type SpendingLimits, type Spent } from './spending.ts'
import { believableUsage } from './usage.ts'

/** Options of {@link createLlm}. */
export interface LlmOptions extends SpendingLimits, RateLimits, Omit<ModelSettings, 'timeoutMs'> {
  /** Makes the calls. */
  readonly transport: ChatTransport
  /** Keeps the answers. A request that was answered before is answered from here and costs nothing. */
  readonly store: Pick<Store, 'putLlmCall' | 'findLlmCall'>
  /** Prices that replace the list prices. */
  readonly prices?: PriceTable
  /** Number of calls at the same time. Default 4. */
  readonly concurrency?: number
  /**
   * Limit of the tokens of a prompt that the caller keeps to. It makes prompts shorter than the context of the model
   * allows.
   */
  readonly promptTokens?: number | undefined
  /** Stops calls. */
  readonly signal?: AbortSignal
  /** Is called when the endpoint has answered a call, with what was spent so far. */
  readonly onCall?: (call: LlmCall, spent: Spent) => void
  /** Is called with what is being asked, whenever that changes. */
  readonly onActivity?: (activity: LlmActivity) => void
  /** Is called with the limits of each model, once, before its first call. */
  readonly onLimits?: (limits: ModelLimits) => void
}

/** A finished call, from the endpoint or from the store. */
export interface Answered {
  /** The text of the answer. */
  readonly text: string
  /** Why the answer ended; see {@link ChatAnswer}. */
  readonly finishReason: string
  /** The call, as it is stored. */
  readonly call: LlmCall
  /** Whether the answer was in the store, so that the endpoint was not asked. */
  readonly cached: boolean
}

/** The shortest answer that is worth a call, where a limit leaves room for no longer one. */
const leastAnswer = 512

/** Asks models within limits, and remembers every answer. */
export interface Llm {
  /**
   * @throws `T2_BUDGET_SPENT`, `T2_PRICE_UNKNOWN`; where the endpoint gave no answer, an error that says why
   * (`T2_MODEL_CONTEXT`, `T2_MODEL_RATE`, `T2_MODEL_CALL` …), which is recorded as failed.
   */
  call(purpose: string, request: ChatRequest): Promise<Answered>
  /** Records that the answer of a call is of no use, and why. The raw answer is kept, but another step asks again. */
  fail(call: LlmCall, fault: string): Promise<void>
  /** Begins no further call, and waits until those under way are answered and recorded. */
  end?(): Promise<void>
  /** What a model has room for, where that is known. */
  limits?(model: string): Promise<ModelLimits>
  /** What was spent so far. */
  readonly spent: Spent
}

/** Makes an {@link Llm}. Equal requests, in parallel or in a later process, are one call. */
export function createLlm(options: LlmOptions): Llm {
  const { transport, store, prices, signal } = options
  const spending = new Spending(options)
  const activity = new Activity(options.onActivity)
  const { concurrency = 4 } = options
  if (!(concurrency >= 1)) {
    throw raise('T2_MODEL_SETTING', `concurrency is ${concurrency}, not a number of at least 1.`)
  }
  const limit = pLimit(concurrency)
  const pace = paceOf(options)
  const underway = new Map<string, Promise<Answered>>()
  const known = new Map<string, Promise<ModelLimits>>()
  const end = new AbortController()
  const mayBegin = () => {
    signal?.throwIfAborted()
    end.signal.throwIfAborted()
  }

  function limits(model: string): Promise<ModelLimits> {
    const before = known.get(model)
    if (before) return before
    const found = modelLimits(model, options, transport).then((each) => {
      options.onLimits?.(each)
      return each
    })
    known.set(model, found)
    return found
  }

  /** The longest answer to a request: as long as it wants, but with room left for its prompt. */
  async function longestAnswer(request: ChatRequest, inputTokens: number): Promise<number> {
    if (request.output === 'embedding') return 0
    const { contextTokens, answerTokens, source } = await limits(request.model)
    const wanted = Math.min(request.maxOutputTokens ?? answerTokens, answerTokens)
    const asked = settingsOf(options).maxAnswerTokens ?? wanted
    if (source === 'assumed') return asked
    return Math.min(asked, Math.max(leastAnswer, contextTokens - inputTokens))
  }

  async function make(
    purpose: string,
    request: ChatRequest,
    key: string,
    onText: (characters: number) => void,
  ): Promise<Answered> {
    const before = await answeredBefore(key)
    if (before && !transport.onKnown) return before
    mayBegin()
    const tokenizer = await tokenizerFor(request.model)
    const inputTokens = promptTokens(request, tokenizer)
    const longest = await longestAnswer(request, inputTokens)
    if (before) {
      const { inputTokens, outputTokens } = before.call
      const answer = { ...before, inputTokens, outputTokens }
      await transport.onKnown?.({ ...request, maxOutputTokens: longest }, answer)
      return before
    }
    const wanted = {
      model: request.model,
      inputTokens,
      outputTokens: longest,
      leastOutput: Math.min(leastAnswer, longest),
      cost: (outputTokens: number) => costOf(request.model, inputTokens, outputTokens, prices),
    }
    const reservation = await spending.reserve(wanted, mayBegin)
    const mostOutput = reservation.outputTokens
    const { begun, started } = await begin(inputTokens + mostOutput, () =>
      startedCall(purpose, request, key),
    ).catch((error: unknown) => {
      reservation.release()
      throw error
    })
    let characters = 0
    const settled = (usage: { inputTokens: number; outputTokens: number; estimated: boolean }) => {
      const costUsd = costOf(request.model, usage.inputTokens, usage.outputTokens, prices)
      reservation.settle({ ...usage, costUsd })
      const { inputTokens, outputTokens } = usage
      return { inputTokens, outputTokens, costUsd }
    }
    try {
      const answer = await transport(
        { ...request, maxOutputTokens: mostOutput },
        // One of its own, since the SDK leaves a listener on it.
        signal && AbortSignal.any([signal]),
        activity.isWatched
          ? (come) => {
              characters = come
              onText(come)
            }
          : undefined,
      )
      const { text, finishReason } = answer
      const outputTokens = request.output === 'embedding' ? 0 : tokenizer.count(text)
      const usage = believableUsage(answer, { inputTokens, outputTokens, mostOutput })
      begun.settle(usage.inputTokens + usage.outputTokens)
      const estimated = usage.estimated ? { estimated: true } : {}
      const call: LlmCall = {
        ...started,
        ...settled(usage),
        response: { text, finishReason, ...estimated },
        status: 'done',
        endedAt: new Date().toISOString(),
      }
      await store.putLlmCall(call)
      options.onCall?.(call, spending.spent)
      return { text, finishReason, call, cached: false }
    } catch (error) {
      const outputTokens = Math.ceil(characters / 4)
      const used = wasWorkedOn(error)
        ? settled({ inputTokens, outputTokens, estimated: true })
        : settled({ inputTokens: 0, outputTokens: 0, estimated: false })
      const message = error instanceof Error ? error.message : String(error)
      await store.putLlmCall({
        ...started,
        ...used,
        status: 'failed',
        // The code finds the remedy again, also long after.
        error: error instanceof Trace2Error ? `${error.code}: ${message}` : message,
        endedAt: new Date().toISOString(),
      })
      signal?.throwIfAborted()
      if (error instanceof Trace2Error) throw error
      throw raise('T2_MODEL_CALL', `The call of ${request.model} failed: ${message}`, {
        cause: error,
      })
    }
  }

  /** Waits until a call may begin, and records that it does. */
  async function begin(tokens: number, call: () => LlmCall) {
    const begun = await pace(tokens, AbortSignal.any(signal ? [signal, end.signal] : [end.signal]))
    mayBegin()
    const started = call()
    await store.putLlmCall(started)
    return { begun, started }
  }

  async function answeredBefore(key: string): Promise<Answered | undefined> {
    const found = await store.findLlmCall(key)
    const answer = found && answerIn(found)
    return found && answer && { ...answer, call: found, cached: true }
  }

  return {
    get spent() {
      return spending.spent
    },
    fail: (call, fault) => store.putLlmCall({ ...call, status: 'failed', error: fault }),
    limits,
    async end() {
      end.abort()
      await Promise.allSettled(underway.values())
    },
    call(purpose, request) {
      const key = keyOf(request)
      const same = underway.get(key)
      if (same) return same
      const expected = activity.expect()
      const made = limit(() => make(purpose, request, key, expected.text)).finally(() => {
        underway.delete(key)
        expected.end()
      })
      underway.set(key, made)
      return made
    },
  }
}

/** With what the chat format adds to each message. */
function promptTokens({ messages, schema }: ChatRequest, tokenizer: Tokenizer): number {
  return messages.reduce(
    (sum, { content }) => sum + tokenizer.count(content) + 4,
    schema ? tokenizer.count(JSON.stringify(schema)) : 0,
  )
}

function startedCall(purpose: string, request: ChatRequest, key: string): LlmCall {
  return {
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
}

/** Whether the endpoint had begun to work on a call that failed, so that it may be paid for all the same. */
function wasWorkedOn(error: unknown): boolean {
  return (
    error instanceof Trace2Error &&
    (error.code === 'T2_MODEL_TIMEOUT' || error.code === 'T2_MODEL_DROPPED')
  )
}

function answerIn(call: LlmCall): { text: string; finishReason: string } | undefined {
  const response: Json = call.response
  if (call.status !== 'done' || typeof response !== 'object' || response === null) return undefined
  const text: unknown = Reflect.get(response, 'text')
  const finishReason: unknown = Reflect.get(response, 'finishReason')
  if (typeof text !== 'string') return undefined
  return { text, finishReason: typeof finishReason === 'string' ? finishReason : 'stop' }
}
