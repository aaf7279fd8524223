import type { Attributes } from '@opentelemetry/api'
import type { Part } from './blob.ts'
import type { Fields } from './json.ts'

/** One endpoint of the API: how its requests and responses are read. Knows nothing of spans. */
export interface Endpoint {
  /** Name of the operator. */
  readonly operator: string
  readonly description: string
  readonly operation: 'chat' | 'embeddings'
  readonly step: 'llm' | 'embedding'
  /** Whether a span keeps the whole answer, so that a replay can give it again. */
  readonly isKept: boolean
  /** Attributes of a request, without any content. */
  request(body: Fields): Attributes
  /** The inputs of a call; `passed` is the body as the caller wrote it, with nodes and parameters in it. */
  inputs(body: Fields, passed: Fields): readonly Input[]
  /** What a response comes to; `undefined` where it is of no known form. */
  outcome(response: unknown): Outcome | undefined
  /** Puts the chunks of a stream together to the response that they are the parts of. */
  assemble(): Assembly
}

export interface Assembly {
  add(chunk: unknown): void
  /** `undefined` before the first chunk. */
  response(): unknown
  /** Lengths of the pieces in which its text came; `undefined` where it has several texts. */
  pieces(): readonly number[] | undefined
}

/** A value that goes into a call. */
export interface Input {
  readonly role: string
  /** As the caller wrote it: what its origin is found by. */
  readonly passed: unknown
  /** As a span shows it, without bytes. */
  readonly plain: unknown
  /** The message that it is the text of, or that it is. */
  readonly message?: Message
}

/** A message of a request. */
export interface Message {
  readonly speaker: string
  /** Everything it has, in order. */
  readonly parts: readonly Part[]
  /** Whether the input's value is the message and not its text. */
  readonly isWhole?: boolean
}

export interface Outcome {
  /** The output: what the model said, without the envelope it came in. */
  readonly output: unknown
  readonly attributes: Attributes
  /** One for each choice. */
  readonly messages: readonly OutputMessage[]
  /** The forms in which parts of the output reach the caller. */
  readonly returned: readonly Returned[]
  /** Set where the response says that the call failed. */
  readonly failure: Error | undefined
}

export interface OutputMessage {
  /** What of the output it is. */
  readonly output: unknown
  /** Everything it has, in order. */
  readonly parts: readonly Part[]
  /** As the conventions for messages call it. */
  readonly finishReason: string | undefined
}

export interface Returned {
  readonly value: unknown
  /** JSON pointer into the output. */
  readonly pointer: string
  /** Whether an object has the parts that the output has at that place. */
  readonly whole?: boolean
}
