import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import OpenAI, { APIError } from 'openai'
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions'
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from 'openai/resources/embeddings'
import { raise } from '../errors.ts'
import { answerText } from './answer-text.ts'
import type { ChatAnswer, ChatRequest, ChatTransport } from './request.ts'

/** The part of the `openai` client that is used; any client with the same shape will do. */
export interface OpenAIClient {
  readonly chat: {
    readonly completions: {
      create(
        body: ChatCompletionCreateParamsNonStreaming,
        options?: { signal?: AbortSignal },
      ): PromiseLike<ChatCompletion>
    }
  }
  /** Needed only where embeddings are asked for. */
  readonly embeddings?: {
    create(
      body: EmbeddingCreateParams,
      options?: { signal?: AbortSignal },
    ): PromiseLike<CreateEmbeddingResponse>
  }
}

export interface EndpointOptions {
  readonly baseURL?: string
  readonly apiKey?: string
  /** Times the SDK repeats a call after 408, 409, 429, 5xx or a broken connection. Default 4. */
  readonly maxRetries?: number
  /** Milliseconds until a call is given up. Default 120,000. */
  readonly timeout?: number
}

/**
 * An `openai` client from options or the environment (`OPENAI_BASE_URL`, `OPENAI_API_KEY`). A local endpoint needs
 * no key.
 *
 * @throws `T2_MODEL_UNSET` where there is neither a key nor an endpoint.
 */
export function openaiClient(options: EndpointOptions = {}): OpenAI {
  const baseURL = options.baseURL ?? process.env.OPENAI_BASE_URL
  const apiKey = options.apiKey ?? process.env.OPENAI_API_KEY
  if (!apiKey && !baseURL) throw raise('T2_MODEL_UNSET', 'No model endpoint is set.')
  return new OpenAI({
    apiKey: apiKey || 'none',
    ...(baseURL ? { baseURL } : {}),
    maxRetries: options.maxRetries ?? 4,
    timeout: options.timeout ?? 120_000,
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

async function embed(
  client: OpenAIClient,
  { model, messages }: ChatRequest,
  signal: AbortSignal | undefined,
): Promise<ChatAnswer> {
  const { embeddings } = client
  if (!embeddings) throw raise('T2_MODEL_CALL', 'The client has no embeddings.')
  const input = messages.map(({ content }) => content).join('\n')
  // Not every endpoint has the SDK's default encoding, base64.
  const body = { model, input, encoding_format: 'float' } as const
  const { data, usage } = await context.with(suppressTracing(context.active()), () =>
    embeddings.create(body, signal ? { signal } : {}),
  )
  return {
    text: JSON.stringify(data[0]?.embedding ?? []),
    finishReason: 'stop',
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: 0,
  }
}

type Format = NonNullable<ChatCompletionCreateParamsNonStreaming['response_format']>

/**
 * A transport over an `openai` client. Structured output is asked for by JSON schema; an endpoint that refuses that
 * is asked for a JSON object, then for plain text, and what it took is remembered. So is which models take no
 * temperature, as those that reason, or have the older name of the limit on an answer. No span is made for these calls:
 * they are not part of the agent's runs.
 */
export function openaiTransport(client: OpenAIClient): ChatTransport {
  let refused = 0
  const unknown = { temperature: new Set<string>(), max_completion_tokens: new Set<string>() }
  return async (request, signal) => {
    if (request.output === 'embedding') return embed(client, request, signal)
    const formats = formatsFor(request)
    for (let at = Math.min(refused, formats.length - 1); ; ) {
      try {
        const completion = await context.with(suppressTracing(context.active()), () =>
          client.chat.completions.create(
            bodyOf(request, formats[at], (name) => !unknown[name].has(request.model)),
            signal ? { signal } : {},
          ),
        )
        // Only now is it known that the format was to blame, and not the request.
        refused = Math.max(refused, at)
        return answerOf(completion)
      } catch (error) {
        const name = refusedOption(error)
        if (name && !unknown[name].has(request.model)) {
          unknown[name].add(request.model)
          continue
        }
        if (at + 1 >= formats.length || !refusesFormat(error)) throw error
        at++
      }
    }
  }
}

function formatsFor({ schema }: ChatRequest): readonly (Format | undefined)[] {
  if (!schema) return [undefined]
  const { name, schema: content } = schema
  const record = typeof content === 'object' && content !== null ? { ...content } : {}
  return [
    { type: 'json_schema', json_schema: { name, schema: record } },
    { type: 'json_object' },
    undefined,
  ]
}

function bodyOf(
  { model, messages, temperature, maxOutputTokens }: ChatRequest,
  format: Format | undefined,
  takes: (option: ModelOption) => boolean,
): ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(format ? { response_format: format } : {}),
    ...(temperature === undefined || !takes('temperature') ? {} : { temperature }),
    ...(maxOutputTokens === undefined
      ? {}
      : {
          [takes('max_completion_tokens') ? 'max_completion_tokens' : 'max_tokens']:
            maxOutputTokens,
        }),
  }
}

/** 400, 404, 415, 422 and 501 can mean that the endpoint does not know the format asked for. */
function refusesFormat(error: unknown): boolean {
  return error instanceof APIError && [400, 404, 415, 422, 501].includes(error.status ?? 0)
}

/** Options of a call that not every model has. */
const modelOptions = ['temperature', 'max_completion_tokens'] as const
type ModelOption = (typeof modelOptions)[number]

/** The one of these that a model says it does not take. */
function refusedOption(error: unknown): ModelOption | undefined {
  if (!(error instanceof APIError) || ![400, 422].includes(error.status ?? 0)) return undefined
  return modelOptions.find((name) => error.param === name || error.message.includes(name))
}

function answerOf(completion: ChatCompletion): ChatAnswer {
  const choice = completion.choices?.[0]
  return {
    text: answerText(choice?.message),
    finishReason: choice?.finish_reason ?? 'none',
    inputTokens: completion.usage?.prompt_tokens ?? 0,
    outputTokens: completion.usage?.completion_tokens ?? 0,
  }
}
