import { isSpanContextValid, TraceFlags } from '@opentelemetry/api'
import { feedback } from '@trace2/instrumentation'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { BadTicket, type createAgent } from './agent.ts'

/**
 * `POST /tickets` with a customer and a text answers with a reply and the ids of the run that wrote it;
 * `POST /feedback` with these ids, a thumb and words records what a reader thought of it.
 */
export function createApp({ answer }: Pick<ReturnType<typeof createAgent>, 'answer'>): Express {
  const app = express()
  app.use(express.json())

  app.post('/tickets', async (request, response) => {
    response.status(201).json(await answer(request))
  })

  app.post('/feedback', (request, response) => {
    const { run, up, comment } = request.body ?? {}
    // The ids come back from a page: whoever sent them may have made them up.
    if (!run || !isSpanContextValid({ ...run, traceFlags: TraceFlags.NONE }))
      return void response.status(400).json({ error: 'There is no such run.' })
    feedback(
      { traceId: run.traceId, spanId: run.spanId },
      { name: 'thumb', score: up ? 1 : 0, comment: String(comment ?? ''), source: 'human' },
    )
    response.status(202).end()
  })

  const onError: ErrorRequestHandler = (error, _request, response, next) => {
    if (!(error instanceof BadTicket)) return next(error)
    response.status(400).json({ error: error.message })
  }
  app.use(onError)
  return app
}
