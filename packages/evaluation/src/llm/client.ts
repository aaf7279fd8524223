import OpenAI from 'openai'
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions'
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from 'openai/resources/embeddings'
import { raise } from '../errors.ts'
import { ownPatienceMs, patientFetch } from './patient-fetch.ts'
import { timeoutOf } from './settings.ts'

/** What a request may say about itself. */
export interface RequestOptions {
  readonly signal?: AbortSignal
  /** How often a failed request is repeated. */
  readonly maxRetries?: number
  /** Time after which a request fails, in milliseconds. */
  readonly timeout?: number
}

/** The part of the `openai` client that is used; any client with the same shape will do. */
export interface OpenAIClient {
  readonly chat: {
    readonly completions: {
      create(
        body: ChatCompletionCreateParamsNonStreaming,
        options?: RequestOptions,
      ): PromiseLike<ChatCompletion>
    }
  }
  /** Needed only where embeddings are asked for. */
  readonly embeddings?: {
    create(
      body: EmbeddingCreateParams,
      options?: RequestOptions,
    ): PromiseLike<CreateEmbeddingResponse>
  }
}

/** Options of {@link openaiClient}. */
export interface EndpointOptions {
  /** Address of the endpoint. Default: `OPENAI_BASE_URL`, otherwise that of OpenAI. */
  readonly baseURL?: string
  /** The API key. Default: `OPENAI_API_KEY`. */
  readonly apiKey?: string
  /** How often a call is repeated after status 408, 409, 429 or 5xx, or after a broken connection. Default 4. */
  readonly maxRetries?: number
  /**
   * Time after which a call fails if the endpoint has sent nothing, in milliseconds. Default: `TRACE2_TIMEOUT` (which
   * is in seconds), otherwise 300,000.
   */
  readonly timeoutMs?: number
}

/**
 * Makes an `openai` client from options or from the environment (`OPENAI_BASE_URL`, `OPENAI_API_KEY`). A local endpoint
 * needs no key.
 *
 * @throws `T2_MODEL_UNSET` if there is neither a key nor an endpoint.
 */
export function openaiClient(options: EndpointOptions = {}): OpenAI {
  const baseURL = options.baseURL ?? process.env.OPENAI_BASE_URL
  const apiKey = options.apiKey ?? process.env.OPENAI_API_KEY
  if (!apiKey && !baseURL) throw raise('T2_MODEL_UNSET', 'No model endpoint is set.')
  const timeout = timeoutOf(options)
  return new OpenAI({
    apiKey: apiKey || 'none',
    ...(baseURL ? { baseURL } : {}),
    maxRetries: options.maxRetries ?? 4,
    timeout,
    ...(timeout > ownPatienceMs ? { fetch: patientFetch } : {}),
  })
}

const usualModel = 'gpt-4o-mini'

/** The model to use where none is named: `TRACE2_MODEL`, or `gpt-4o-mini` where there is a key. */
export function defaultModel(): string {
  const named = process.env.TRACE2_MODEL
  if (named) return named
  if (process.env.OPENAI_API_KEY) return usualModel
  throw raise('T2_MODEL_UNSET', 'No model is named.')
}

/** The model whose tokens and price a dry run counts where none is named: it needs no key. */
export function dryRunModel(): string {
  return process.env.TRACE2_MODEL || usualModel
}
