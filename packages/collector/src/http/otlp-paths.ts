/** Where the SDKs of Langfuse send OTLP, which cannot be told another path. */
const LANGFUSE = '/api/public/otel'

/** Paths at which traces are received. */
export const tracesPaths = ['/v1/traces', `${LANGFUSE}/v1/traces`] as const

/** Whether a path is for OTLP, whose answers have a form of their own. */
export function isOtlpPath(path: string): boolean {
  return path.startsWith('/v1/') || path.startsWith(`${LANGFUSE}/v1/`)
}
