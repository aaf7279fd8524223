import type { MiddlewareHandler } from 'hono'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { CollectorStats, ConsumerStats } from '../health/stats.ts'
import { tracesPaths } from '../http/otlp-paths.ts'

/** Metrics of one collector, for Prometheus. */
export interface Metrics {
  /** Observes every request; to be used before all other handlers. */
  readonly observe: MiddlewareHandler
  /** `/metrics` in the exposition format. */
  answer(): Promise<Response>
  refused(code: string): void
}

type Forwarded = CollectorStats['forwarded'][number]

interface Reading {
  readonly name: string
  readonly help: string
  readonly value: (stats: CollectorStats) => number
}

const totals: readonly Reading[] = [
  {
    name: 'trace2_spans_accepted_total',
    help: 'Spans acknowledged, duplicates included.',
    value: ({ received }) => received.accepted,
  },
  {
    name: 'trace2_spans_rejected_total',
    help: 'Spans refused within requests that were otherwise taken.',
    value: ({ received }) => received.rejected,
  },
  {
    name: 'trace2_logs_accepted_total',
    help: 'Log records acknowledged.',
    value: ({ received }) => received.logs,
  },
  {
    name: 'trace2_logs_ignored_total',
    help: 'Log records acknowledged that say nothing of a run.',
    value: ({ received }) => received.ignoredLogs,
  },
  {
    name: 'trace2_spans_stored_total',
    help: 'Spans written to the store.',
    value: ({ stored }) => stored,
  },
  {
    name: 'trace2_spans_duplicate_total',
    help: 'Spans that were stored already.',
    value: ({ duplicates }) => duplicates,
  },
  {
    name: 'trace2_journal_damaged_entries_total',
    help: 'Acknowledged requests lost to damage of the journal.',
    value: ({ damagedEntries }) => damagedEntries,
  },
  {
    name: 'trace2_store_set_aside_total',
    help: 'Acknowledged requests that cannot be stored, and are kept in files.',
    value: ({ setAside }) => setAside,
  },
  {
    name: 'trace2_redaction_unread_total',
    help: 'Texts replaced as a whole because they could not be looked through in time.',
    value: ({ unread }) => unread,
  },
  {
    name: 'trace2_store_failed_writes_total',
    help: 'Transactions of the store that failed and are tried again.',
    value: ({ failedWrites }) => failedWrites,
  },
  {
    name: 'trace2_store_restarts_total',
    help: 'How often the store had to be opened again.',
    value: ({ store }) => store.restarts,
  },
]

const levels: readonly Reading[] = [
  {
    name: 'trace2_store_up',
    help: '1 when the store takes what is acknowledged, 0 when it cannot; /readyz says why.',
    value: ({ store }) => (store.problem === undefined ? 1 : 0),
  },
  {
    name: 'trace2_store_commit_seconds',
    help: 'Time that the latest transaction took.',
    value: ({ lastCommitSeconds }) => lastCommitSeconds,
  },
  {
    name: 'trace2_incidents',
    help: 'Things that happened to the files of the database and of the journal; /readyz and trace2 doctor say which.',
    value: ({ incidents }) => incidents.length,
  },
  {
    name: 'trace2_retention_refused',
    help: '1 when retention deletes nothing because too much is due at once; /readyz says how much.',
    value: ({ refusedRetention }) => (refusedRetention === undefined ? 0 : 1),
  },
  {
    name: 'trace2_missing_requests',
    help: 'Acknowledged requests that the database lacks, and the journal no longer has.',
    value: ({ incidents }) => incidents.reduce((sum, one) => sum + one.missingRequests, 0),
  },
  {
    name: 'trace2_missing_spans',
    help: 'Spans in these requests, as far as they were counted.',
    value: ({ incidents }) => incidents.reduce((sum, one) => sum + one.missingSpans, 0),
  },
  {
    name: 'trace2_journal_entries',
    help: 'Requests in the journal.',
    value: ({ journal }) => journal?.entries ?? 0,
  },
  {
    name: 'trace2_journal_bytes',
    help: 'Bytes in use in the journal.',
    value: ({ journal }) => journal?.bytes ?? 0,
  },
  {
    name: 'trace2_journal_quota_bytes',
    help: 'Bytes at which senders are told to wait.',
    value: ({ journal }) => journal?.quotaBytes ?? 0,
  },
]

const perConsumer: readonly {
  readonly name: string
  readonly help: string
  readonly value: (consumer: ConsumerStats) => number
}[] = [
  {
    name: 'trace2_consumer_backlog',
    help: 'Acknowledged requests that a consumer of the journal has not dealt with.',
    value: ({ backlog }) => backlog,
  },
  {
    name: 'trace2_consumer_lag_seconds',
    help: 'How long the oldest of them has waited.',
    value: ({ lagSeconds }) => lagSeconds,
  },
]

const perTarget: readonly {
  readonly name: string
  readonly help: string
  readonly value: (target: Forwarded) => number
}[] = [
  {
    name: 'trace2_forward_delivered_total',
    help: 'Requests that a forward target has taken.',
    value: ({ delivered }) => delivered,
  },
  {
    name: 'trace2_forward_feedback_total',
    help: 'Pieces of feedback given to the store that a forward target has taken.',
    value: ({ feedback }) => feedback,
  },
  {
    name: 'trace2_forward_retries_total',
    help: 'Attempts that a forward target did not answer or put off.',
    value: ({ retries }) => retries,
  },
  {
    name: 'trace2_forward_refused_total',
    help: 'Requests that a forward target refused for good.',
    value: ({ refused }) => refused,
  },
  {
    name: 'trace2_forward_rejected_total',
    help: 'Spans and log records that a forward target did not take from requests that it took.',
    value: ({ rejected }) => rejected,
  },
  {
    name: 'trace2_forward_lost_fields_total',
    help: 'Fields that the encoding of a forward target cannot carry.',
    value: ({ lostFields }) => lostFields,
  },
  {
    name: 'trace2_forward_abandoned_total',
    help: 'Requests given up because the journal needed the room.',
    value: ({ abandoned }) => abandoned,
  },
]

/** Counts are read when Prometheus asks, from one value; nothing is counted twice on the way of a request. */
export function collectorMetrics(stats: () => CollectorStats): Metrics {
  const registry = new Registry()
  let now = stats()
  for (const { name, help, value } of totals) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(value(now))
      },
    })
  }
  for (const { name, help, value } of levels) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value(now))
      },
    })
  }
  for (const { name, help, value } of perConsumer) {
    new Gauge({
      name,
      help,
      labelNames: ['consumer'],
      registers: [registry],
      collect() {
        this.reset()
        for (const consumer of now.consumers) this.set({ consumer: consumer.name }, value(consumer))
      },
    })
  }
  for (const { name, help, value } of perTarget) {
    new Counter({
      name,
      help,
      labelNames: ['target'],
      registers: [registry],
      collect() {
        this.reset()
        for (const target of now.forwarded) this.inc({ target: target.target }, value(target))
      },
    })
  }
  const requests = new Histogram({
    name: 'trace2_http_request_seconds',
    help: 'Time to answer a request, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  })
  const refusals = new Counter({
    name: 'trace2_http_refused_total',
    help: 'Requests not let in, by the error they got.',
    labelNames: ['code'],
    registers: [registry],
  })
  // Memory, processor time and event-loop delay under the names that dashboards know.
  collectDefaultMetrics({ register: registry })
  return {
    observe: async (context, next) => {
      const end = requests.startTimer()
      await next()
      end({ route: routeOf(context.req.path), status: context.res.status })
    },
    async answer() {
      now = stats()
      const text = await registry.metrics()
      return new Response(text, { headers: { 'content-type': registry.contentType } })
    },
    refused: (code) => refusals.inc({ code }),
  }
}

const routes: ReadonlySet<string> = new Set([
  ...tracesPaths,
  '/v1/logs',
  '/healthz',
  '/readyz',
  '/metrics',
])

/** A bounded set of names, whatever strangers ask for. */
function routeOf(path: string): string {
  const route = path.endsWith('/') ? path.slice(0, -1) : path
  if (routes.has(route)) return route
  return path.startsWith('/api/v1/') ? '/api/v1' : 'other'
}
