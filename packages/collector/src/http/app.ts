import type { Store } from '@trace2/store'
import { Hono } from 'hono'
import { answerHealth, answerReadiness, type Readiness } from '../health/health.ts'
import type { ReceivedCounts } from '../health/stats.ts'
import type { Intake } from '../intake/intake.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { ServedParameters } from '../parameters/served.ts'
import { type GuardOptions, guard } from '../security/guard.ts'
import { answerApi } from './api.ts'
import { BodyRoom } from './body.ts'
import { tracesPaths } from './otlp-paths.ts'
import { answerMissing } from './otlp-status.ts'
import { answerParameters } from './parameters.ts'
import { receive } from './receiver.ts'
import type { RefusalLog } from './refusal-log.ts'

/** A body is there as it came and as the journal's entry. */
const COPIES = 2

export interface AppOptions {
  readonly store: Store
  readonly intake: Intake
  /** Limit of a request's body, on the wire and unpacked. */
  readonly maxBodyBytes: number
  /** What the bodies of all requests under way may take together; one of the largest size is taken in any case. */
  readonly bodiesBytes: number
  readonly guard: GuardOptions
  readonly received: ReceivedCounts
  readonly metrics: Metrics
  readonly refusals: RefusalLog
  readonly readiness: () => Readiness
  /** Proves that the collector owns its database; absent where that is in memory. */
  readonly ownership?: () => string
  /** The values in force, for agents. */
  readonly parameters: () => Promise<ServedParameters>
}

/** The collector's HTTP interface as a function from request to response. */
export function collectorApp(options: AppOptions): Hono {
  const { store, maxBodyBytes, bodiesBytes, metrics } = options
  const room = new BodyRoom(Math.max(bodiesBytes / COPIES, maxBodyBytes))
  const app = new Hono()
  app.use('*', metrics.observe, ...guard(options.guard))
  app.get('/healthz', () => answerHealth(options.ownership))
  app.get('/readyz', () => answerReadiness(options.readiness()))
  app.get('/metrics', () => metrics.answer())
  // An address that was given with a slash at its end means the same.
  for (const path of tracesPaths.flatMap((path) => [path, `${path}/`])) {
    app.all(path, (c) => receive(c.req.raw, 'traces', { ...options, room }))
  }
  for (const path of ['/v1/logs', '/v1/logs/']) {
    app.all(path, (c) => receive(c.req.raw, 'logs', { ...options, room }))
  }
  // The store's method of the same name is called with POST.
  app.get('/api/v1/parameters', (c) =>
    answerParameters(c.req.raw, options.parameters, options.store.location),
  )
  app.all('/api/v1/:method', (c) =>
    answerApi(c.req.raw, c.req.param('method'), store, { room, maxBodyBytes }),
  )
  app.notFound((c) => answerMissing(c.req.raw, options.refusals))
  return app
}
