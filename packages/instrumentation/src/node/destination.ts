import { readFileSync } from 'node:fs'

/** Where spans are sent, and how: what the `OTEL_EXPORTER_OTLP_*` variables and `start` say. */
export interface Destination {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** For one request and its answer. */
  readonly timeoutMs: number
  readonly gzip: boolean
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
    headers: {
      ...pairs(environment.OTEL_EXPORTER_OTLP_HEADERS),
      ...pairs(environment.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
    },
    timeoutMs: timeoutMs > 0 && Number.isFinite(timeoutMs) ? timeoutMs : defaultTimeoutMs,
    gzip: variable('COMPRESSION') === 'gzip',
    tls: {
      ...file('ca', variable('CERTIFICATE')),
      ...file('key', variable('CLIENT_KEY')),
      ...file('cert', variable('CLIENT_CERTIFICATE')),
    },
  }
}

/** `name=value,name=value`, percent-encoded. */
function pairs(text = ''): Record<string, string> {
  const entries = text.split(',').flatMap((pair): [string, string][] => {
    const [name = '', ...value] = pair.split('=')
    return name.trim() === '' || value.length === 0
      ? []
      : [[decoded(name.trim()), decoded(value.join('=').trim())]]
  })
  return Object.fromEntries(entries)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
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
