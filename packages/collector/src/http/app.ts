import { Hono } from 'hono'
import type { Intake } from '../intake/intake.ts'
import { type GuardOptions, guard } from '../operations/security/guard.ts'
import type { Store } from '../store/store.ts'
import { answerApi } from './api.ts'
import { receiveTraces } from './receiver.ts'

export interface AppOptions {
  readonly store: Store
  readonly intake: Intake
  /** Limit of a request's body, on the wire and unpacked. */
  readonly maxBodyBytes: number
  readonly guard: GuardOptions
}

/** The collector's HTTP interface as a function from request to response. */
export function collectorApp(options: AppOptions): Hono {
  const { store, intake, maxBodyBytes } = options
  const app = new Hono()
  app.use('*', ...guard(options.guard))
  app.all('/v1/traces', (c) => receiveTraces(c.req.raw, intake, maxBodyBytes))
  app.all('/api/v1/:method', (c) =>
    answerApi(c.req.raw, c.req.param('method'), store, maxBodyBytes),
  )
  return app
}
