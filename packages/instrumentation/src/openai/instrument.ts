import { type Attributes, trace } from '@opentelemetry/api'
import { SCOPE_NAME } from '@trace2/core'
import { activeReplay } from '../answering/index.ts'
import { raise } from '../errors.ts'
import { guarded } from '../operator/guarded.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'
import { activeTracer, isSuppressed } from '../tracing/tracer.ts'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import type { Endpoint } from './endpoint.ts'
import { isObject, member } from './json.ts'
import { type HelperScope, ModelCall, operatorOf, tellHelper, withHelper } from './model-call.ts'
import { providerAttributes } from './provider.ts'
import { askingCall } from './replay/asking.ts'
import { withKeptAnswers } from './replay/kept.ts'
import { responses } from './responses.ts'
import {
  afterParsing,
  isStream,
  methodOf,
  replace,
  type Watcher,
  watchPromise,
} from './watch-promise.ts'
import { watchStream } from './watch-stream.ts'

/** The members that {@link instrumentOpenAI} looks for in a client. At least one must be there. */
export interface InstrumentableClient {
  /** Chat completions: `chat.completions`. */
  readonly chat?: object
  /** Responses. */
  readonly responses?: object
  /** Embeddings. */
  readonly embeddings?: object
}

/** Options of {@link instrumentOpenAI}. */
export interface OpenAIOptions {
  /** The value of `gen_ai.provider.name`. Default: derived from the client's base URL, otherwise `openai`. */
  readonly provider?: string
}

/** The client's resources, the endpoint that their `create` calls, and their methods that call it in turn. */
const resources: readonly {
  readonly path: readonly string[]
  readonly endpoint: Endpoint | undefined
  readonly helpers: readonly string[]
}[] = [
  { path: ['chat', 'completions'], endpoint: chat, helpers: ['parse', 'stream', 'runTools'] },
  { path: ['responses'], endpoint: responses, helpers: ['parse', 'stream'] },
  { path: ['embeddings'], endpoint: embeddings, helpers: [] },
  // Where version 4 has the helpers.
  {
    path: ['beta', 'chat', 'completions'],
    endpoint: undefined,
    helpers: ['parse', 'stream', 'runTools'],
  },
]

/**
 * Records the calls of a client of the `openai` package, version 4.19 or newer: chat completions, responses and embeddings,
 * at any endpoint that speaks this API.
 *
 * Each call is one span with OpenTelemetry's attributes for generative AI. Edges lead from the values in the messages to the
 * call, and from the answer to the operators that use it. Streams, `parse`, `stream`, `runTools`, `withResponse()` and
 * `asResponse()` work as before. Without a tracer provider nothing is recorded.
 *
 * @returns The same client, with its methods replaced. Instrumenting it again changes nothing.
 * @throws {Trace2Error} `T2_OPENAI_CLIENT` if the object has none of these methods.
 * @example const client = instrumentOpenAI(new OpenAI())
 */
export function instrumentOpenAI<Client extends InstrumentableClient>(
  client: Client,
  options: OpenAIOptions = {},
): Client {
  const provider = providerAttributes(client, options.provider)
  let found = 0
  for (const { path, endpoint, helpers } of resources) {
    const resource = path.reduce<unknown>(member, client)
    if (!isObject(resource)) continue
    if (endpoint && isFunction(resource.create)) {
      found++
      wrap(resource, 'create', (original) => recorded(original, endpoint, provider))
    }
    for (const helper of helpers) wrap(resource, helper, assisted)
  }
  if (found === 0) throw raise('T2_OPENAI_CLIENT', 'This object is no client of the OpenAI API.')
  wrap(
    client,
    'withOptions',
    (original) =>
      function (this: unknown, ...args) {
        const copy: unknown = Reflect.apply(original, this, args)
        return isObject(copy) ? instrumentOpenAI(copy, options) : copy
      },
  )
  return client
}

type Method = (this: unknown, ...args: readonly unknown[]) => unknown

// Shared with other copies of this package.
const wrapped = Symbol.for('trace2.openai')

function wrap(object: object, key: string, wrapper: (original: Method) => Method): void {
  const method = member(object, key)
  if (!isFunction(method) || Object.hasOwn(method, wrapped)) return
  const replacement = wrapper(unpatched(method))
  Object.defineProperty(replacement, wrapped, { value: true })
  for (const known of ['name', 'length'] as const) {
    Object.defineProperty(replacement, known, { value: method[known], configurable: true })
  }
  if (!replace(object, key, replacement)) {
    throw raise(
      'T2_OPENAI_CLIENT',
      `The method ${key} of this client cannot be replaced: it is frozen.`,
    )
  }
}

/**
 * The method below the patches of OpenTelemetry instrumentations (OpenInference's and OpenTelemetry's own among them), which
 * would make a second span of each call.
 */
function unpatched(method: Method): Method {
  const original: unknown = Reflect.get(method, '__original')
  return isFunction(original) ? unpatched(original) : method
}

function isFunction(value: unknown): value is Method {
  return typeof value === 'function'
}

/** A `create` that is recorded. */
function recorded(original: Method, endpoint: Endpoint, provider: Attributes): Method {
  const operator = operatorOf(endpoint, original)
  return function (...args) {
    const [passed, ...rest] = args
    const replay = activeReplay()
    // A replay is asked also where nobody listens.
    const tracer = activeTracer() ?? (replay && trace.getTracer(SCOPE_NAME))
    if (!tracer || !isObject(passed)) return Reflect.apply(original, this, args)
    const context = activeContext()
    if (isSuppressed(context)) return Reflect.apply(original, this, args)
    const call = guarded(() => new ModelCall(operator, endpoint, provider, tracer, context, passed))
    if (!call) return Reflect.apply(original, this, args)
    tellHelper(context, call)
    const body = call.begin(passed)
    let result: unknown
    try {
      result = withContext(call.context, () =>
        withKeptAnswers(this, () => {
          if (!replay) return Reflect.apply(original, this, [body, ...rest])
          const method = original
          const request = { operator, endpoint, call, method, resource: this, body, passed, rest }
          return replay.answer(askingCall(request))
        }),
      )
    } catch (error) {
      call.fail(error)
      throw error
    }
    // What cannot even be looked at is the caller's business.
    const watched = guarded(() => ({ promise: watchPromise(result, watcherOf(call)) }))
    if (watched) return watched.promise
    call.succeed(undefined)
    return result
  }
}

function watcherOf(call: ModelCall): Watcher {
  return {
    settled: (value) => {
      guarded(() => (isStream(value) ? watchStream(value, call) : call.succeed(value)))
    },
    failed: (error) => call.fail(error),
    dropped: () => call.succeed(undefined),
  }
}

/** A method that makes its calls through `create`: what it makes of their responses is known as theirs. */
function assisted(original: Method): Method {
  return function (...args) {
    if (!activeTracer()) return Reflect.apply(original, this, args)
    const scope: HelperScope = { latest: undefined }
    const context = withHelper(activeContext(), scope)
    const result: unknown = withContext(context, () => Reflect.apply(original, this, args))
    const note = (response: unknown) => scope.latest?.alsoAs(response)
    guarded(() => noteResponses(result, note))
    return result
  }
}

function noteResponses(result: unknown, note: (response: unknown) => void): void {
  if (!isObject(result) || afterParsing(result, note)) return
  methodOf(result, 'on')?.('chatCompletion', note)
  const finalResponse = methodOf(result, 'finalResponse')
  if (!finalResponse) return
  replace(result, 'finalResponse', async () => {
    const response = await finalResponse()
    note(response)
    return response
  })
}
