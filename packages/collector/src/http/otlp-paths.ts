/** Where SDKs of other products send OTLP, which cannot be told another path: Langfuse's and LangWatch's. */
const prefixes = ['/api/public/otel', '/api/otel'] as const

/** Paths at which traces are received. */
export const tracesPaths = [
  '/v1/traces',
  ...prefixes.map((prefix) => `${prefix}/v1/traces` as const),
] as const

/** Whether a path is for OTLP, whose answers have a form of their own. */
export function isOtlpPath(path: string): boolean {
  return path.startsWith('/v1/') || prefixes.some((prefix) => path.startsWith(`${prefix}/v1/`))
}
