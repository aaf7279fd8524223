import { type Json, valueHash } from '@trace2/core'
import type { ChatMessage, ChatRequest, Llm, PriceTable } from '@trace2/evaluation/llm'
import { costOf } from '@trace2/evaluation/llm'
import type { LlmCall } from '@trace2/store'
import type { Strategy, StrategyTools } from '../optimizers/index.ts'
import type { Problem, RenderedPrompt, Tokenizer } from '../prompt/index.ts'
import { type Amount, amountOf } from './evidence.ts'

/** The questions that a step would ask, and their cost. */
export interface Preview {
  /** The messages of the first question. */
  readonly messages: readonly ChatMessage[]
  /** What the first prompt that shows runs has room for, of what there was. `null` if no prompt shows runs. */
  readonly room: { readonly shown: Amount; readonly of: Amount } | null
  /** Number of questions. Questions that depend on earlier answers are not counted. */
  readonly questions: number
  /** Tokens of these questions. The tokens of questions that include earlier answers are estimated. */
  readonly tokens: number
  /** Price in USD of the questions alone. `null` if the price of the model is not known. */
  readonly promptCostUsd: number | null
  /** Price in USD of the questions with the longest answers allowed. `null` if the price is not known. */
  readonly maxCostUsd: number | null
}

/** Runs a strategy with answers that say nothing, and shows what it asks. */
export async function previewOf(
  strategy: Strategy,
  problem: Problem,
  tools: Omit<StrategyTools, 'llm'> & { readonly answerTokens: number },
  prices?: PriceTable,
): Promise<Preview> {
  const asked = new Map<string, ChatRequest>()
  let room: Preview['room'] = null
  const onPrompt = (prompt: RenderedPrompt) => {
    tools.onPrompt?.(prompt)
    room ??= { shown: amountOf(prompt.seen), of: amountOf(prompt.given) }
  }
  const spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }
  const stop = new Error('dry run')
  const llm: Llm = {
    spent,
    fail: async () => {},
    async call(purpose, request) {
      // An equal question would not be asked again.
      asked.set(valueHash(request), request)
      const text = standIn(request, asked.size)
      if (text === undefined) {
        // What is asked at the same time counts as well.
        await new Promise((resolve) => setImmediate(resolve))
        throw stop
      }
      return { text, finishReason: 'stop', call: callOf(purpose, request), cached: false }
    },
  }
  try {
    await strategy.propose(problem, { ...tools, llm, onPrompt })
  } catch (error) {
    if (error !== stop) throw error
  }
  const requests = [...asked.values()]
  const costs = requests.map((request) => {
    const tokens = countMessages(request.messages, tools.tokenizer)
    const output = Math.min(request.maxOutputTokens ?? tools.answerTokens, tools.answerTokens)
    return {
      tokens,
      prompt: costOf(request.model, tokens, 0, prices),
      most: costOf(request.model, tokens, output, prices),
    }
  })
  return {
    messages: requests[0]?.messages ?? [],
    room,
    questions: requests.length,
    tokens: costs.reduce((sum, { tokens }) => sum + tokens, 0),
    promptCostUsd: sumOf(costs.map(({ prompt }) => prompt)),
    maxCostUsd: sumOf(costs.map(({ most }) => most)),
  }
}

function sumOf(costs: readonly (number | null)[]): number | null {
  return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0)
}

/** An answer of the usual length, unlike any other; `undefined` where its form is not known. */
function standIn({ schema }: ChatRequest, number: number): string | undefined {
  return schema && JSON.stringify(instanceOf(schema.schema, number))
}

/** The least that fits a schema of the kinds that strategies use. */
function instanceOf(schema: Json | undefined, number: number): Json {
  const about = membersOf(schema)
  const allowed = about.get('enum')
  if (Array.isArray(allowed)) return allowed[0] ?? null
  if (about.get('type') === 'string') {
    return `Answer ${number}. ${'It is not known what it says. '.repeat(8)}`
  }
  const required = about.get('required')
  const properties = membersOf(about.get('properties'))
  return Array.isArray(required)
    ? Object.fromEntries(
        required.map((name) => [String(name), instanceOf(properties.get(String(name)), number)]),
      )
    : {}
}

function membersOf(json: Json | undefined): ReadonlyMap<string, Json> {
  return new Map(typeof json === 'object' && json !== null ? Object.entries<Json>(json) : [])
}

function callOf(purpose: string, request: ChatRequest): LlmCall {
  const now = new Date(0).toISOString()
  return {
    id: '',
    key: '',
    purpose,
    model: request.model,
    request: null,
    response: null,
    status: 'done',
    error: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    startedAt: now,
    endedAt: now,
  }
}

/** With what the chat format adds to each message and to the answer's start. */
function countMessages(messages: readonly ChatMessage[], tokenizer: Tokenizer): number {
  return messages.reduce((sum, { content }) => sum + tokenizer.count(content) + 4, 3)
}
