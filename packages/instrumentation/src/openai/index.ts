import { SpanKind } from '@opentelemetry/api'
import { plainArguments } from '../operator/arguments.ts'
import { useOf } from '../operator/frame.ts'
import { Operator } from '../operator/operator.ts'
import { guarded, Recording } from '../operator/recording.ts'
import { nameInputs } from '../operator/roles.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'
import { activeTracer, isSuppressed, silently } from '../tracing/tracer.ts'
import {
  chatEndpoint,
  type Endpoint,
  embeddingsEndpoint,
  requestAttributes,
  responsesEndpoint,
} from './endpoint.ts'
import { member, textMember } from './json.ts'
import { Observation } from './observe.ts'

const instrumented = Symbol.for('trace2.openai')

/**
 * Records the requests of one OpenAI client (and of those made from it by `withOptions`): chat completions, responses
 * and embeddings, streamed or not, for OpenAI and any compatible endpoint. The client stays what it was; the same
 * object is returned. Parameters and nodes may be passed in a request, and are edges of the graph; so are the
 * templates, results and tool answers that its messages are made of. Where another instrumentation has already
 * patched the library, its spans are silenced below ours, so that no request is counted twice.
 *
 * @example const client = instrumentOpenAI(new OpenAI())
 */
export function instrumentOpenAI<Client extends object>(client: Client): Client {
  if (instrumented in client) return client
  Object.defineProperty(client, instrumented, { value: true })
  wrap(client, member(member(client, 'chat'), 'completions'), chatEndpoint)
  wrap(client, member(client, 'responses'), responsesEndpoint)
  wrap(client, member(client, 'embeddings'), embeddingsEndpoint)
  const withOptions = member(client, 'withOptions')
  if (typeof withOptions === 'function') {
    Object.assign(client, {
      withOptions: (...args: readonly unknown[]) =>
        instrumentOpenAI(Object(Reflect.apply(withOptions, client, args))),
    })
  }
  return client
}

function wrap(client: object, resource: unknown, endpoint: Endpoint): void {
  const create = member(resource, 'create')
  if (typeof resource !== 'object' || resource === null || typeof create !== 'function') return
  const call = (...args: never[]): unknown => Reflect.apply(create, resource, args)
  const description = `Asks the model (${endpoint.operation}).`
  const operator = new Operator(
    endpoint.operator,
    'op',
    call,
    { step: endpoint.step, description },
    undefined,
    {},
  )
  // How instrumentations of OpenTelemetry mark what they have patched.
  const patched = Reflect.has(create, '__wrapped')
  Object.assign(resource, {
    create: (...args: readonly unknown[]) => request(client, operator, endpoint, args, patched),
  })
}

function request(
  client: object,
  operator: Operator,
  endpoint: Endpoint,
  passed: readonly unknown[],
  patched: boolean,
): unknown {
  const plain = plainArguments(passed, (parameter) => useOf(parameter).value)
  const send = (args: readonly unknown[]): unknown => Reflect.apply(operator.fn, undefined, args)
  const tracer = activeTracer()
  const context = activeContext()
  if (!tracer || isSuppressed(context)) return send(plain)
  const recording = guarded(() => {
    const name = `${endpoint.operation} ${textMember(plain[0], 'model') ?? ''}`.trim()
    const begun = new Recording(operator, tracer, context, passed, { name, kind: SpanKind.CLIENT })
    begun.begin(
      nameInputs([{ name: undefined, form: 'object' }], passed.slice(0, 1), plain.slice(0, 1)),
    )
    begun.annotate(requestAttributes(endpoint, plain[0], member(client, 'baseURL')))
    begun.annotate(endpoint.requestContent(plain[0], begun.content))
    return begun
  })
  if (!recording) return send(plain)
  const inside = patched ? silently(recording.context) : recording.context
  try {
    const promise: unknown = withContext(inside, () => send(plain))
    if (typeof promise === 'object' && promise !== null) {
      new Observation(recording, endpoint).watch(promise)
    }
    return promise
  } catch (error) {
    recording.fail(error)
    throw error
  }
}
