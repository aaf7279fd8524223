import {
  type Attributes,
  type Context,
  createContextKey,
  SpanKind,
  type Tracer,
} from '@opentelemetry/api'
import { ATTR_OUTPUT_FORM } from '@trace2/core'
import { guarded } from '../operator/guarded.ts'
import { type AnyFunction, Operator } from '../operator/operator.ts'
import { Recording, type StreamEnd } from '../operator/recording.ts'
import { partialOutput, requestContent, responseContent } from './content.ts'
import type { Assembly, Endpoint, Outcome } from './endpoint.ts'
import { withoutHandles } from './handles.ts'
import { type Fields, isObject, member, numberOf, textOf } from './json.ts'
import { genAi, general, openInference } from './names.ts'
import { requestHashAttributes, responseBody } from './replay/content.ts'

/** The recording of one logical call of a model, however often the client tries. */
export class ModelCall {
  readonly recording: Recording
  readonly #endpoint: Endpoint
  readonly #started = performance.now()
  #ended = false

  constructor(
    operator: Operator,
    endpoint: Endpoint,
    provider: Attributes,
    tracer: Tracer,
    context: Context,
    passed: Fields,
  ) {
    this.#endpoint = endpoint
    const { operation } = endpoint
    const model = textOf(passed.model)
    this.recording = new Recording(operator, tracer, context, [passed], {
      name: model === undefined ? operation : `${operation} ${model}`,
      kind: SpanKind.CLIENT,
      attributes: {
        ...provider,
        [genAi.operation]: operation,
        ...(model !== undefined && { [genAi.requestModel]: model }),
      },
    })
  }

  /** What the client's work belongs to. */
  get context(): Context {
    return this.recording.context
  }

  /** Writes the request, and returns it as the client is to get it. */
  begin(passed: Fields): Fields {
    const { run } = this.recording
    // A request that cannot even be looked at is the client's business.
    const plain = guarded(() => withoutHandles(passed, (parameter) => run.use(parameter).value))
    const body = isObject(plain) ? plain : passed
    if (this.recording.origin) guarded(() => this.#write(body, passed))
    return body
  }

  #write(body: Fields, passed: Fields): void {
    const { operator } = this.#endpoint
    const inputs = this.#endpoint.inputs(body, passed)
    this.recording.begin({
      roles: inputs.map(({ role }) => role),
      passed: inputs.map((input) => input.passed),
      plain: inputs.map(({ plain }) => plain),
    })
    this.recording.annotate({
      ...this.#endpoint.request(body),
      ...requestContent(this.recording.content, operator, body, inputs),
      ...requestHashAttributes(body),
    })
  }

  assemble(): Assembly {
    return this.#endpoint.assemble()
  }

  /** The first piece of a stream is there. */
  begun(): void {
    const seconds = (performance.now() - this.#started) / 1_000
    this.recording.annotate({ [genAi.timeToFirstChunk]: seconds })
  }

  /** Ends the call with a response; with an unknown one it ends without an output. */
  succeed(response: unknown, stream?: StreamEnd): void {
    if (this.#ended) return
    this.#ended = true
    const outcome = this.#outcomeOf(response)
    guarded(() => this.#keep(response, outcome, stream))
    if (!outcome) {
      this.recording.succeed(undefined)
    } else if (outcome.failure) {
      this.#failWith(outcome.failure, outcome)
    } else {
      this.#annotate(outcome, 'unknown')
      this.recording.succeed(outcome.output)
      this.#noteReturned(outcome)
    }
  }

  /** Ends the call with an error; `came` is the response as far as it had come. */
  fail(error: unknown, came?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    guarded(() => {
      const status = numberOf(member(error, 'status'))
      if (status !== undefined) this.recording.annotate({ [general.statusCode]: status })
    })
    this.#failWith(error, this.#outcomeOf(came))
  }

  /** Keeps what a replay needs to give the answer again: all of it, and how the caller got it. */
  #keep(response: unknown, outcome: Outcome | undefined, stream: StreamEnd | undefined): void {
    if (!outcome) return
    this.recording.annotate({ [ATTR_OUTPUT_FORM]: stream ? 'promise of iterable' : 'promise' })
    if (!this.#endpoint.isKept || stream?.isFinished === false) return
    const parts = outcome.messages.flatMap((message) => message.parts)
    if (parts.some(({ type }) => type === 'blob')) return
    this.recording.annotate(responseBody(this.recording.content, response, stream?.pieces))
  }

  #failWith(error: unknown, outcome: Outcome | undefined): void {
    if (outcome) {
      this.#annotate(outcome, 'error')
      const { content } = this.recording
      guarded(() =>
        this.recording.annotate(partialOutput(content, this.#endpoint.operator, outcome.output)),
      )
    }
    this.recording.fail(error)
    if (!outcome) return
    this.#noteReturned(outcome)
    // The output is the error: what the answer said is known as the text that came with it.
    if (typeof outcome.output === 'string') guarded(() => this.#note(outcome.output, '', false))
  }

  #outcomeOf(response: unknown): Outcome | undefined {
    if (!this.recording.origin || response === undefined) return undefined
    return guarded(() => this.#endpoint.outcome(response))
  }

  #annotate(outcome: Outcome, unsaid: string): void {
    guarded(() => {
      this.recording.annotate(outcome.attributes)
      const answeredBy = outcome.attributes[genAi.responseModel]
      if (answeredBy !== undefined) this.recording.annotate({ [openInference.model]: answeredBy })
      this.recording.annotate(
        responseContent(this.recording.content, this.#endpoint.operator, outcome, unsaid),
      )
    })
  }

  #noteReturned({ returned }: Outcome): void {
    guarded(() => {
      for (const { value, pointer, whole = false } of returned) this.#note(value, pointer, whole)
    })
  }

  #note(value: unknown, pointer: string, whole: boolean): void {
    this.recording.noteReturned(value, pointer, whole)
  }

  /** Notes another object that a helper of the client made of the response. */
  alsoAs(response: unknown): void {
    if (!this.recording.origin) return
    const returned = this.#outcomeOf(response)?.returned ?? []
    guarded(() => {
      for (const { value, pointer, whole = false } of returned) {
        // Texts are known since the call ended.
        if (typeof value === 'object') this.#note(value, pointer, whole)
      }
    })
  }
}

/** The operator that stands for an endpoint's method. */
export function operatorOf(
  { operator, step, description }: Endpoint,
  method: AnyFunction,
): Operator {
  return new Operator(operator, 'op', method, { step, description }, undefined, {})
}

/** What a helper of the client, such as `parse`, shares with the calls that it makes. */
export interface HelperScope {
  latest: ModelCall | undefined
}

const helperKey = createContextKey('trace2.openai.helper')

export function withHelper(context: Context, scope: HelperScope): Context {
  return context.setValue(helperKey, scope)
}

/** Tells the helper around a call, if there is one, that the call is its latest. */
export function tellHelper(context: Context, call: ModelCall): void {
  // Only withHelper sets this key.
  const scope = context.getValue(helperKey) as HelperScope | undefined
  if (scope) scope.latest = call
}
