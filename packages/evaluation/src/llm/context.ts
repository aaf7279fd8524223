import * as published from 'gpt-tokenizer/models'
import { type Endpoint, isOpenAI } from './endpoint.ts'
import { property, textProperty } from './property.ts'
import { rawResponse } from './raw-response.ts'
import type { ModelContext } from './request.ts'
import { startOf } from './telling-fetch.ts'

/** Contexts of hosted families that no published table has. Open weights are served with any context at all. */
const families: readonly (readonly [RegExp, number])[] = [
  [/^gpt-oss/, 0],
  [/^(?:gpt-[4-9]|chatgpt-|o[1-9](?:-|$))/, 128_000],
  [/^claude-/, 200_000],
  [/^gemini-/, 1_000_000],
  [/^grok-/, 128_000],
  [/^simulated-/, 128_000],
]

/** Tokens that a model has room for by its name alone; `undefined` where that says nothing. */
export function publishedContext(model: string): number | undefined {
  const name = model.split('/').at(-1) ?? model
  const family = families.find(([pattern]) => pattern.test(name))?.[1]
  if (family === 0) return undefined
  const tokens = property(property(published, name), 'context_window')
  return typeof tokens === 'number' ? tokens : family
}

/** What is known of the room that a model of an endpoint has: by its name, else by the endpoint's list of models. */
export async function contextOf(endpoint: Endpoint, model: string): Promise<ModelContext> {
  // Every model of these has room for the usual prompts.
  const isLarge = isOpenAI(endpoint.url) || !endpoint.isSdk
  const tokens = publishedContext(model)
  if (tokens !== undefined) return { tokens, large: isLarge }
  return { tokens: isLarge ? undefined : await listedContext(endpoint, model), large: isLarge }
}

const lists = new Map<string, Promise<unknown>>()

/** What the endpoint's list of models says of one; the list is asked for once. */
async function listedContext(endpoint: Endpoint, model: string): Promise<number | undefined> {
  const list = lists.get(endpoint.url) ?? modelsOf(endpoint)
  lists.set(endpoint.url, list)
  return contextIn(await list, model)
}

const patienceMs = 3000
const longestList = 8 * 1024 * 1024

/** The list as it came; an endpoint that has none, or is slow to give it, says nothing. */
async function modelsOf({ client }: Endpoint): Promise<unknown> {
  try {
    const get = property(client, 'get')
    if (typeof get !== 'function') return undefined
    const options = { maxRetries: 0, timeout: patienceMs, signal: AbortSignal.timeout(patienceMs) }
    const response = await rawResponse(get.call(client, '/models', options))
    return response && JSON.parse(await startOf(response, longestList))
  } catch {
    return undefined
  }
}

/** Where servers write it, what is loaded before what the model was made for. */
const fields = [
  'loaded_context_length',
  'n_ctx',
  'max_model_len',
  'context_length',
  'context_window',
  'max_context_length',
  'max_context_window',
  'max_input_tokens',
  'inputTokenLimit',
  'n_ctx_train',
] as const

/** The context of a model in a list of models, whatever the list's form. */
export function contextIn(list: unknown, model: string): number | undefined {
  const models = [list, property(list, 'data'), property(list, 'models')].find(Array.isArray) ?? []
  const named = models.find((each) => namesOf(each).includes(model))
  // A server of one model takes any name for it.
  const entry: unknown = named ?? (models.length === 1 ? models[0] : undefined)
  const levels = [
    entry,
    property(entry, 'meta'),
    property(entry, 'metadata'),
    property(entry, 'top_provider'),
    property(entry, 'limits'),
  ]
  for (const field of fields) {
    for (const level of levels) {
      const tokens = Number(property(level, field) ?? Number.NaN)
      if (Number.isSafeInteger(tokens) && tokens >= fewest && tokens <= most) return tokens
    }
  }
  return undefined
}

const fewest = 256
const most = 1e8

function namesOf(entry: unknown): readonly string[] {
  return ['id', 'name', 'model', 'root'].map((key) =>
    textProperty(entry, key).replace(/^models\//, ''),
  )
}
