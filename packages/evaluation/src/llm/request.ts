import { type Json, valueHash } from '@trace2/core'

/** One message of a prompt. */
export interface ChatMessage {
  /** Who the message is from. */
  readonly role: 'system' | 'user' | 'assistant'
  /** The text of the message. */
  readonly content: string
}

/** Everything that decides a model's answer, whatever the endpoint. Its hash is the key of the cache. */
export interface ChatRequest {
  /** Name of the model. */
  readonly model: string
  /** The messages of the prompt, in order. */
  readonly messages: readonly ChatMessage[]
  /** JSON schema of the answer. */
  readonly schema?: { readonly name: string; readonly schema: Json }
  /** Sampling temperature. Default: that of the endpoint. */
  readonly temperature?: number
  /** Limit of the tokens of the answer. Default: that of the endpoint. */
  readonly maxOutputTokens?: number
  /** `embedding` asks for the embedding of the only message, as a JSON array, and not for an answer in words. */
  readonly output?: 'embedding'
  /** Number of the answer, if one request is to have several answers. Default 0, the first answer. */
  readonly sample?: number
  /**
   * Number of the optimizer step among steps with the same questions. Requests with different numbers have different
   * keys, so that a further step gets new answers and not the stored ones. Default 0, the first step.
   */
  readonly take?: number
}

/** What an answer is remembered by. */
export function keyOf(request: ChatRequest): string {
  return valueHash(request)
}

/** The id that the call of a request has in a store. */
export function callIdOf(request: ChatRequest): string {
  return `c-${keyOf(request).slice(0, 12)}`
}

/** The answer of a model to a {@link ChatRequest}. */
export interface ChatAnswer {
  /** The text of the answer. */
  readonly text: string
  /**
   * Why the answer ended: `stop`; `length` if it was cut off; `refusal`; `content_filter`; or another word of the
   * endpoint.
   */
  readonly finishReason: string
  /**
   * Tokens of the request, as the endpoint reports them. If the number cannot be true, an `Llm` counts an estimate in
   * its place.
   */
  readonly inputTokens: number
  /**
   * Tokens of the answer, as the endpoint reports them. If the number cannot be true, an `Llm` counts an estimate in
   * its place.
   */
  readonly outputTokens: number
}

/** Makes one call, or rejects. What goes over the network is behind this. */
export interface ChatTransport {
  /** `onText` is told how many characters of the answer have come, where they come one after the other. */
  (
    request: ChatRequest,
    signal?: AbortSignal,
    onText?: (characters: number) => void,
  ): Promise<ChatAnswer>
  /** Is called with an answer that was found in the store. The call was then not made. */
  readonly onKnown?: (request: ChatRequest, answer: ChatAnswer) => Promise<void>
  /** Returns the limit of the tokens of prompt and answer together, if the endpoint tells it. */
  readonly contextOf?: (model: string) => Promise<ModelContext>
}

/** What is known about the room for prompt and answer. */
export interface ModelContext {
  /** Tokens that prompt and answer may have together. `undefined` if it is not known. */
  readonly tokens: number | undefined
  /** Whether the endpoint is one whose models have room for any usual prompt. */
  readonly large: boolean
}
