import { resolve } from 'node:path'
import { trace } from '@opentelemetry/api'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { counted, shared } from '@trace2/core'
import { shownAddress } from '../address.ts'
import { type ContentOptions, configureContent } from '../content/settings.ts'
import { raise } from '../errors.ts'
import { endSuspended } from '../operator/suspended.ts'
import { report, reportOnce, writeReports } from '../report.ts'
import { spanLimits } from '../tracing/span-limits.ts'
import { registeredProvider } from '../tracing/tracer.ts'
import { enableCodeFrames } from './code-frames.ts'
import { destinationOf } from './destination.ts'
import { onExit } from './exit.ts'
import { Outbox } from './outbox.ts'
import { watchParametersFile } from './parameters-file.ts'
import { CountingProcessor } from './processor.ts'
import { senderTo } from './sender.ts'
import { reportUnclaimed } from './unclaimed.ts'

/** Options of {@link start}. */
export interface StartOptions extends ContentOptions {
  /** `service.name` of the spans. Default: `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string | undefined
  /** Base address of an OTLP/HTTP receiver. Default: `OTEL_EXPORTER_OTLP_ENDPOINT`, otherwise `http://localhost:4318`. */
  readonly endpoint?: string | undefined
  /**
   * Path of the parameters file. It is watched for changes. Default: `TRACE2_PARAMETERS`, or `trace2.parameters.json`
   * in the working directory.
   */
  readonly parametersFile?: string | undefined
}

/** What {@link start} has started. `await using` shuts it down. */
export interface Started extends Recording, AsyncDisposable {}

interface Recording {
  /**
   * Sends what is waiting to be sent; resolves when the receiver has taken it.
   *
   * @throws {Trace2Error} `T2_SPANS_SEND` where it has not. What may still arrive is kept and sent again later.
   */
  flush(): Promise<void>
  /**
   * Sends what is left, and stops recording; `start` may be called again. Where nobody listens it resolves within a
   * second, and the number of spans that were lost is said once.
   */
  shutdown(): Promise<void>
}

/** Of all copies of this package: they record through one provider. */
const state = shared(
  'start',
  (): {
    running: { readonly options: StartOptions; readonly started: Started } | undefined
    hasContextManager: boolean
  } => ({ running: undefined, hasContextManager: false }),
)

/**
 * Sets up a Node program in one line. It registers a `NodeTracerProvider` that exports over OTLP/HTTP, takes the values
 * of parameters from the parameters file, and adds code frames to exceptions. When the process ends, it sends what is
 * left.
 *
 * Problems are reported once, on standard error or to the `diag` logger of the program. The environment variables of
 * OpenTelemetry (`OTEL_*`) apply where no option is given. A program that has set up OpenTelemetry does not need this
 * function; if it is called there, the existing set-up stays in place.
 *
 * A second call returns what is running already. After `shutdown` it starts anew.
 *
 * @example start({ serviceName: 'support-agent', endpoint: 'http://localhost:4318' })
 */
export function start(options: StartOptions = {}): Started {
  const { running } = state
  if (running) {
    reportDifference(running.options, options)
    return running.started
  }
  // The console survives a standard error that nobody reads any more; its stream would end the program.
  writeReports((line) => console.error(line))
  const { serviceName, endpoint, parametersFile, ...content } = options
  enableCodeFrames()
  configureContent(content)
  // A bundler that follows the files of a server would take its whole directory for one of them.
  const path = resolve(
    /* turbopackIgnore: true */
    parametersFile ?? process.env.TRACE2_PARAMETERS ?? 'trace2.parameters.json',
  )
  const unwatch = watchParametersFile(path)
  const sayUnclaimed = reportUnclaimed(path)
  const recording = registeredProvider() ? joinProvider() : ownProvider(serviceName, endpoint)
  let closing: Promise<void> | undefined
  const started: Started = {
    flush: recording.flush,
    shutdown: () => {
      if (state.running?.started === started) state.running = undefined
      unwatch()
      sayUnclaimed()
      closing ??= recording.shutdown()
      return closing
    },
    async [Symbol.asyncDispose]() {
      await this.shutdown()
    },
  }
  state.running = { options, started }
  return started
}

/** Records through a provider of our own. */
function ownProvider(serviceName: string | undefined, endpoint: string | undefined): Recording {
  const destination = destinationOf(endpoint)
  const { timeoutMs } = destination
  const url = shownAddress(destination.url)
  if (!URL.canParse(destination.url) || !/^https?:\/\//i.test(destination.url)) {
    const what = `Spans cannot be sent to ${url}: an address begins with http:// or https://.`
    reportOnce('warn', raise('T2_START_ENDPOINT', what), url)
  }
  let isEnding = false
  const outbox = new Outbox({
    sender: senderTo(destination),
    timeoutMs,
    onFailure: (reason) => {
      // What an end could not send is said with the number of spans.
      if (!isEnding) reportOnce('warn', sendError(url, reason), url)
    },
  })
  const processor = new CountingProcessor(outbox)
  const named = resourceFromAttributes(
    serviceName === undefined ? {} : { 'service.name': serviceName },
  )
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(named),
    spanProcessors: [processor],
    spanLimits: spanLimits(),
  })
  // Runs that are under way keep the context manager of the provider before.
  provider.register(state.hasContextManager ? { contextManager: null, propagator: null } : {})
  state.hasContextManager = true

  let isSaid = false
  const end = () => {
    const lost = processor.ended - outbox.delivered
    if (lost === 0 || isSaid) return
    isSaid = true
    const why = whyLost(outbox.undelivered, lost, url)
    report(
      'error',
      raise('T2_SPANS_LOST', `${counted(lost, 'span was', 'spans were')} lost; ${why}.`),
    )
  }
  const removeHandlers = onExit({
    recorded: () => processor.ended,
    finish: endSuspended,
    send: async () => {
      isEnding = true
      await processor.forceFlush()
      await outbox.drain()
      isEnding = false
    },
    end,
  })
  return {
    flush: async () => {
      await processor.forceFlush()
      const reason = await outbox.flush()
      if (reason !== undefined) throw sendError(url, reason)
    },
    shutdown: async () => {
      if (registeredProvider() === provider) trace.disable()
      isEnding = true
      endSuspended()
      await provider.shutdown()
      removeHandlers()
      end()
    },
  }
}

/** Leaves a provider that somebody else has registered in place: our spans go where it sends all spans. */
function joinProvider(): Recording {
  const what =
    'A tracer provider is registered already: spans go where it sends them, and `endpoint` and `serviceName` of `start` are not used.'
  // Whoever wants nothing sent, as a trial of `trace2 evaluate` does, has set that provider up on purpose.
  if (process.env.OTEL_TRACES_EXPORTER !== 'none')
    reportOnce('warn', raise('T2_START_PROVIDER', what))
  return {
    flush: async () => {
      const provider = registeredProvider()
      if (!provider || !('forceFlush' in provider) || typeof provider.forceFlush !== 'function')
        return
      try {
        await provider.forceFlush()
      } catch (cause) {
        // The SDK rejects with a list of what its processors said.
        const [first]: readonly unknown[] = Array.isArray(cause) ? cause : [cause]
        throw raise('T2_SPANS_SEND', `The registered provider: ${String(first)}.`, { cause })
      }
    },
    shutdown: async () => undefined,
  }
}

function reportDifference(running: StartOptions, asked: StartOptions): void {
  const differing = Object.entries(asked)
    .filter(([name, value]) => value !== undefined && Reflect.get(running, name) !== value)
    .map(([name]) => `\`${name}\``)
  if (differing.length === 0) return
  const what = `\`start\` runs already; ${differing.join(', ')} of another call ${differing.length === 1 ? 'is' : 'are'} not used.`
  reportOnce('warn', raise('T2_START_TWICE', what))
}

function sendError(url: string, reason: string) {
  return raise('T2_SPANS_SEND', `Spans cannot be sent to ${url}: ${reason}.`)
}

/** Why spans were lost, with how many for each reason where there are several. */
function whyLost(undelivered: ReadonlyMap<string, number>, lost: number, url: string): string {
  const reasons = [...undelivered]
  const unsent = lost - reasons.reduce((sum, [, spans]) => sum + spans, 0)
  const ended = 'the process ended before they were sent'
  if (reasons.length === 0) return ended
  const texts =
    reasons.length === 1 && unsent <= 0
      ? reasons.map(([reason]) => reason)
      : reasons.map(([reason, spans]) => `${reason} (${spans})`)
  const rest = unsent > 0 ? `; of ${unsent}, ${ended}` : ''
  return `they could not be sent to ${url}: ${texts.join(', ')}${rest}`
}
