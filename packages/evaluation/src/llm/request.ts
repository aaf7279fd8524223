import { type Json, valueHash } from '@trace2/core'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** Everything that decides a model's answer, whatever the endpoint. Its hash is the key of the cache. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** JSON schema of the answer. */
  readonly schema?: { readonly name: string; readonly schema: Json }
  readonly temperature?: number
  readonly maxOutputTokens?: number
  /** What is asked for instead of an answer in words: the embedding of the one message, as a JSON array. */
  readonly output?: 'embedding'
  /** Tells apart several answers to one request; 0 is the first. */
  readonly sample?: number
  /** Tells a step from those before it that asked the same; 0, or nothing, is the first. */
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

export interface ChatAnswer {
  readonly text: string
  /** `stop`, `length` where it was cut off, `refusal`, `content_filter`, or what else the endpoint says. */
  readonly finishReason: string
  /** As the endpoint says; what it cannot be is not believed. */
  readonly inputTokens: number
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
  /** Is told of an answer that was in the store, so that the call was not made. */
  readonly onKnown?: (request: ChatRequest, answer: ChatAnswer) => Promise<void>
  /** Tokens that prompt and answer may have together, where the endpoint says so. */
  readonly contextOf?: (model: string) => Promise<ModelContext>
}

/** What is known about the room for prompt and answer. */
export interface ModelContext {
  readonly tokens: number | undefined
  /** Whether the endpoint is one whose models have room for any usual prompt. */
  readonly large: boolean
}
