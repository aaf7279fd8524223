import { tracesPaths } from './otlp-paths.ts'

const [ownPath, ...otherPaths] = tracesPaths

/** What a sender that speaks gRPC has to change. `origin` is where the collector takes OTLP over HTTP. */
export function grpcAdvice(origin: string): string {
  return `The collector takes OTLP over HTTP, and no gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf and OTEL_EXPORTER_OTLP_ENDPOINT=${origin}.`
}

export function isGrpcType(contentType: string | null): boolean {
  return /^\s*application\/grpc/i.test(contentType ?? '')
}

/** The service and the method that gRPC has for a path. */
const grpcPath = /^\/opentelemetry\.proto\.collector\./

/** What a sender that sends to a path that there is none of has to change. */
export function pathAdvice(path: string, origin: string): string {
  if (grpcPath.test(path)) return grpcAdvice(origin)
  const own = adviceOf(path, origin)
  const taken = `The collector takes ${ownPath} and /v1/logs, and no metrics; the paths of Langfuse and LangWatch as well: ${otherPaths.join(', ')}.`
  return own === undefined ? taken : `${own} ${taken}`
}

function adviceOf(path: string, origin: string): string | undefined {
  if (/\/metrics\/*$/.test(path)) return 'Set OTEL_METRICS_EXPORTER=none to send none.'
  const base = `Give your exporter the base address ${origin} only: exporters add ${ownPath} or /v1/logs to OTEL_EXPORTER_OTLP_ENDPOINT.`
  if (/\/v1\/(?:traces|logs)\/*$/.test(path)) return base
  // Such a path has lost its end, or has another one.
  if (/^\/*$|trace|span|otel|otlp|opentelemetry|^\/v1|log/i.test(path)) {
    return `${base} One that takes its address as it is gets ${origin}${ownPath}.`
  }
  return undefined
}
