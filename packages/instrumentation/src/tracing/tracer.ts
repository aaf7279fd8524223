import {
  type Context,
  createContextKey,
  ProxyTracerProvider,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { SCHEMA_URL, SCOPE_NAME, shared } from '@trace2/core'

const noProvider = new ProxyTracerProvider().getDelegate()
const dedicated = shared('tracing.dedicated', (): { provider: TracerProvider | undefined } => ({
  provider: undefined,
}))
let knownProvider: TracerProvider = noProvider
let knownTracer: Tracer | undefined

/**
 * Makes `provider` create the spans of this library, in place of the globally registered provider. `undefined` returns to the
 * registered one.
 */
export function useTracerProvider(provider: TracerProvider | undefined): void {
  dedicated.provider = provider
}

/** The tracer for our spans, or `undefined` while nobody listens. */
export function activeTracer(): Tracer | undefined {
  const provider = dedicated.provider ?? globalProvider()
  if (provider === knownProvider) return knownTracer
  knownProvider = provider
  knownTracer =
    provider === noProvider
      ? undefined
      : provider.getTracer(SCOPE_NAME, undefined, { schemaUrl: SCHEMA_URL })
  return knownTracer
}

/** What the program has registered with the OpenTelemetry API, if anything. */
export function registeredProvider(): TracerProvider | undefined {
  const provider = globalProvider()
  return provider === noProvider ? undefined : provider
}

/** The proxy may be one of another copy of the API. */
function globalProvider(): TracerProvider {
  const provider = trace.getTracerProvider()
  return 'getDelegate' in provider && typeof provider.getDelegate === 'function'
    ? provider.getDelegate()
    : provider
}

// The key under which @opentelemetry/core keeps it; keys are registered symbols, so that the API alone can read it.
const suppressTracing = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Whether someone asked for no spans in this context (`suppressTracing` of @opentelemetry/core). */
export function isSuppressed(context: Context): boolean {
  return context.getValue(suppressTracing) === true
}

/** A context in which no spans are made, for requests of our own. */
export function silently(context: Context): Context {
  return context.setValue(suppressTracing, true)
}
