import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { Connections, messageOf, unanswered } from './connections.ts'
import type { Destination } from './destination.ts'

/** What came of one request. Unless it is `silent`, somebody lives there. */
export type Answer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused' | 'busy' | 'silent'; readonly reason: string }

export interface Sender {
  /** Sends spans in one request. Never rejects; may take twice the time of a request. */
  send(spans: ReadableSpan[]): Promise<Answer>
  /** Whether the receiver has said something since it was last silent. */
  isLiving(): boolean
  /** Ends the requests that are under way. */
  giveUp(): void
}

/**
 * Sends by the exporter of OpenTelemetry, which encodes and posts, reads the `OTEL_EXPORTER_OTLP_*` variables, and asks
 * a busy receiver again within the time of a request. Spans that a receiver rejects of a request that it takes
 * (OTLP's partial success) count as taken: the exporter tells of them to the `diag` logger only.
 */
export function senderTo({ url, timeoutMs, tls }: Destination): Sender {
  let isLiving = false
  const connections = new Connections(tls, () => {
    isLiving = true
  })
  const exporter = exporterTo(url, timeoutMs, connections)
  return {
    send: async (spans) => {
      const answer = exporter instanceof Error ? refusal(exporter) : await attempt(exporter, spans)
      isLiving = answer.kind !== 'silent'
      return answer
    },
    isLiving: () => isLiving,
    giveUp: () => connections.close(),
  }
}

/** The exporter, or why there is none. */
function exporterTo(
  url: string,
  timeoutMillis: number,
  connections: Connections,
): OTLPTraceExporter | Error {
  try {
    const httpAgentOptions = (protocol: string) => connections.agent(protocol)
    return new OTLPTraceExporter({ url, timeoutMillis, httpAgentOptions })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function attempt(exporter: OTLPTraceExporter, spans: ReadableSpan[]): Promise<Answer> {
  return new Promise((resolve) => {
    try {
      exporter.export(spans, ({ error, code }) => {
        // 0 is the code of success.
        resolve(code === 0 ? { kind: 'taken' } : failure(error))
      })
    } catch (error) {
      resolve(refusal(error))
    }
  })
}

/** Spans that cannot be written, or an address that is none, are not tried again. */
function refusal(error: unknown): Answer {
  return { kind: 'refused', reason: messageOf(error) }
}

/**
 * The exporter's error has a number as its code where a receiver refused, the status, and none where it was asked to
 * come again. All other errors are of the connection.
 */
function failure(error: (Error & { code?: unknown; data?: unknown }) | undefined): Answer {
  if (typeof error?.code === 'number') {
    const said = String(error.data ?? '')
      .replace(/\s+/g, ' ')
      .slice(0, 200)
    return { kind: 'refused', reason: `status ${error.code}${said === '' ? '' : `: ${said}`}` }
  }
  if (error?.name === 'OTLPExporterError') {
    return { kind: 'busy', reason: 'it asks to be tried again later (status 429, 502, 503 or 504)' }
  }
  const reason = messageOf(error)
  return { kind: 'silent', reason: reason === 'Request timed out' ? unanswered : reason }
}
