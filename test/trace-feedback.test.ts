import { feedback, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import { expect, it, onTestFinished } from 'vitest'
import { collector } from './support/place.ts'

it('takes feedback that knows only the trace id for feedback on the run', async () => {
  const { url, store } = await collector()
  const tracing = start({ serviceName: 'agent', endpoint: url })
  onTestFinished(() => tracing.shutdown())
  const { traceId = '' } = await run('agent', async (question: string) => `to ${question}`).node(
    'why',
  )
  await tracing.flush()
  feedback(traceId, { name: 'thumb', score: 0, comment: 'Too short.' })
  await tracing.flush()

  expect(await store.feedback([traceId])).toMatchObject([
    { traceId, spanId: null, name: 'thumb', score: 0, comment: 'Too short.', source: 'code' },
  ])
  expect(await store.runs()).toMatchObject([{ id: traceId, score: 0, feedback: 1, spans: 1 }])
})
