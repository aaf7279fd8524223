import { readFileSync } from 'node:fs'

/**
 * What must be known of where spans go besides what the exporter reads itself: the address, which messages name; the
 * time, which an end waits for; and the certificates, which an agent of our own must be given.
 */
export interface Destination {
  readonly url: string
  /** For one request and its answer. */
  readonly timeoutMs: number
  /** Files of an authority and of a client's own certificate. */
  readonly tls: { readonly ca?: Buffer; readonly key?: Buffer; readonly cert?: Buffer }
}

type Environment = Readonly<Record<string, string | undefined>>

const defaultTimeoutMs = 10_000

/** The variables for traces outrank those for all signals; an `endpoint` outranks both. */
export function destinationOf(
  endpoint: string | undefined,
  environment: Environment = process.env,
): Destination {
  const variable = (name: string): string | undefined =>
    environment[`OTEL_EXPORTER_OTLP_TRACES_${name}`]?.trim() ||
    environment[`OTEL_EXPORTER_OTLP_${name}`]?.trim() ||
    undefined
  const base = endpoint ?? environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim()
  const ofTraces =
    endpoint === undefined ? environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim() : undefined
  const timeoutMs = Number(variable('TIMEOUT'))
  return {
    url: ofTraces || `${(base || 'http://localhost:4318').replace(/\/+$/, '')}/v1/traces`,
    timeoutMs: timeoutMs > 0 && Number.isFinite(timeoutMs) ? timeoutMs : defaultTimeoutMs,
    tls: {
      ...file('ca', variable('CERTIFICATE')),
      ...file('key', variable('CLIENT_KEY')),
      ...file('cert', variable('CLIENT_CERTIFICATE')),
    },
  }
}

/** A file that cannot be read is left out: the receiver then refuses the connection, which is reported. */
function file<Name extends string>(
  name: Name,
  path: string | undefined,
): { [key in Name]?: Buffer } {
  if (path === undefined) return {}
  try {
    return { [name]: readFileSync(path) } as { [key in Name]?: Buffer }
  } catch {
    return {}
  }
}
