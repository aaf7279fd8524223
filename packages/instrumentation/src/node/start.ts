import { resolve } from 'node:path'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { type ContentOptions, configureContent } from '../content/settings.ts'
import { validateJsonSchema } from '../parameter/json-schema.ts'
import { useSchemaValidator } from '../parameter/validation.ts'
import { enableCodeFrames } from './code-frames.ts'
import { flushOnExit } from './exit.ts'
import { watchParametersFile } from './parameters-file.ts'

export interface StartOptions extends ContentOptions {
  /** Default `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string
  /** Base address of an OTLP/HTTP receiver. Default `OTEL_EXPORTER_OTLP_ENDPOINT`, or `http://localhost:4318`. */
  readonly endpoint?: string
  /** Default `TRACE2_PARAMETERS`, or `trace2.parameters.json` in the working directory. Watched for changes. */
  readonly parametersFile?: string
}

export interface Started {
  /** Sends what is waiting to be sent; resolves when the receiver has answered. */
  flush(): Promise<void>
  /** Flushes, and stops recording. */
  shutdown(): Promise<void>
}

/**
 * One-line set-up for a Node program: registers a `NodeTracerProvider` that exports over OTLP/HTTP, takes the values
 * of parameters from the parameters file, gives exceptions their code frame, and sends what is left when the process
 * ends. The environment variables of OpenTelemetry (`OTEL_*`) hold where no option says otherwise. A program with an
 * OpenTelemetry set-up of its own does not need it.
 *
 * @example start({ serviceName: 'support-agent', endpoint: 'http://localhost:4318' })
 */
export function start(options: StartOptions = {}): Started {
  const { serviceName, endpoint, parametersFile, ...content } = options
  useSchemaValidator(validateJsonSchema)
  enableCodeFrames()
  configureContent(content)
  const unwatch = watchParametersFile(
    resolve(parametersFile ?? process.env.TRACE2_PARAMETERS ?? 'trace2.parameters.json'),
  )
  const url = endpoint === undefined ? undefined : `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const processor = new BatchSpanProcessor(new OTLPTraceExporter(url === undefined ? {} : { url }))
  const named = resourceFromAttributes(
    serviceName === undefined ? {} : { 'service.name': serviceName },
  )
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(named),
    spanProcessors: [processor],
  })
  provider.register()
  const removeHandlers = flushOnExit(() => provider.forceFlush())
  return {
    flush: () => provider.forceFlush(),
    shutdown: () => {
      removeHandlers()
      unwatch()
      return provider.shutdown()
    },
  }
}
