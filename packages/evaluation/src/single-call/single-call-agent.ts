import type { Json } from '@trace2/core'
import { valueHash } from '@trace2/core'
import type OpenAI from 'openai'
import type { ChatCompletion } from 'openai/resources/chat/completions'
import {
  emptyAnswer,
  type TrialAgent,
  type TrialAnswer,
  type TrialRequest,
} from '../agents/index.ts'
import { costOf, failureError, failureOf, type PriceTable } from '../llm/index.ts'
import { chatBody } from './chat-body.ts'
import { type CallStore, type FoundCall, recordedCall } from './recorded-call.ts'
import { substitute } from './substitute.ts'

/** Options of {@link singleCallAgent}. */
export interface SingleCallOptions {
  /** The store with the recorded runs. */
  readonly store: CallStore
  /** The client that sends requests. */
  readonly client: Pick<OpenAI, 'chat' | 'timeout'>
  /** Address of the endpoint. It is part of what decides the output. */
  readonly endpoint: string
  /** Name of the model to ask. Default: the recorded one. */
  readonly model?: string
  /** Prices that replace the list prices. */
  readonly prices?: PriceTable
}

/**
 * Makes an agent that asks one recorded model call of a stored run again. The values of its prompt or of its tool
 * descriptions are other ones; messages, settings and seed stay as recorded. It is not known how the answer would have
 * changed the rest of the run.
 */
export function singleCallAgent(options: SingleCallOptions): TrialAgent {
  const found = new Map<string, Promise<FoundCall>>()
  const callOf = (run: string, changed: readonly string[]) => {
    const key = `${run} ${changed.join(' ')}`
    const known = found.get(key) ?? recordedCall(options.store, run, changed)
    found.set(key, known)
    return known
  }
  const { endpoint, model } = options
  return {
    mode: 'single call',
    description: `one recorded call, asked again at ${endpoint}${model === undefined ? '' : ` of ${model}`}`,
    sourceHash: async () => valueHash({ endpoint, model: model ?? null }).slice(0, 16),
    async run(request, signal) {
      const { run } = request.case
      if (run === null) return notReplayable('The case comes from no stored run.')
      const call = await callOf(run, request.changed)
      if ('fault' in call) return notReplayable(call.fault)
      return askAgain(request, call.call, options, signal)
    },
    close: async () => undefined,
  }
}

async function askAgain(
  { values, changed }: TrialRequest,
  { request: recorded, used, variables }: Extract<FoundCall, { call: unknown }>['call'],
  { client, endpoint, model: wanted, prices }: SingleCallOptions,
  signal: AbortSignal | undefined,
): Promise<TrialAnswer> {
  let request = recorded
  for (const parameter of used) {
    const next = values[parameter.name]
    if (next === undefined) continue
    const substituted = substitute(request, parameter, next, variables)
    if ('fault' in substituted) return notReplayable(substituted.fault)
    request = substituted.request
  }
  const model = wanted ?? request.model
  if (model === null) return notReplayable('The recorded call does not say which model it asked.')
  const put = chatBody(request, model)
  if ('fault' in put) return notReplayable(put.fault)
  const began = performance.now()
  let completion: ChatCompletion
  try {
    // One of its own for each call: clients listen to a signal, and leave their listeners with it.
    const own = signal ? { signal: AbortSignal.any([signal]) } : {}
    completion = await client.chat.completions.create(put.body, own)
  } catch (error) {
    if (signal?.aborted) return emptyAnswer('interrupted', 'It was stopped.')
    const asked = { model, endpoint, timeoutMs: client.timeout }
    const failure = failureOf(error)
    const { message } = failureError(failure, asked, error)
    const isRecorded = failure.kind === 'model' && wanted === undefined
    const how = ' It is the model of the recorded call; --model asks another.'
    return emptyAnswer('failed', `${message}${isRecorded ? how : ''}`)
  }
  const { inputTokens, outputTokens } = usageOf(completion)
  const output = outputOf(completion)
  const costUsd = costOf(model, inputTokens, outputTokens, prices)
  return {
    ...emptyAnswer('bad output', 'The endpoint gave no message.'),
    ...(output === undefined ? {} : { outcome: 'done', reason: null, output }),
    latencyMs: performance.now() - began,
    inputTokens,
    outputTokens,
    costUsd,
    unpriced: costUsd === null ? [model] : [],
    used: changed.filter((name) => used.some((parameter) => parameter.name === name)),
  }
}

function usageOf({ usage }: ChatCompletion) {
  const count = (value: unknown) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
  return { inputTokens: count(usage?.prompt_tokens), outputTokens: count(usage?.completion_tokens) }
}

/** As the store reads a recorded answer: its text if that is all, else the text and the calls of tools. */
function outputOf({ choices }: ChatCompletion): Json | undefined {
  const message = choices?.[0]?.message
  if (!message) return undefined
  const { content, tool_calls: calls } = message
  if (!calls || calls.length === 0) return content ?? ''
  return {
    role: 'assistant',
    ...(content ? { content } : {}),
    tool_calls: calls.flatMap((call) =>
      call.type === 'function'
        ? [{ name: call.function.name, arguments: parsed(call.function.arguments) }]
        : [],
    ),
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function notReplayable(reason: string): TrialAnswer {
  return emptyAnswer('not replayable', reason)
}
