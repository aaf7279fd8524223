import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { start } from '@trace2/instrumentation/node'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryCollector } from './testing/collector.ts'
import { backend } from './web-backend.ts'

test('a thumb from a page lands on the run that gave the answer, and a changed mind replaces it', async () => {
  const { collector } = await temporaryCollector()
  const tracing = start({ serviceName: 'web', endpoint: collector.url })
  const server = backend(collector.url).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const post = (path: string, body: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body })

  const { answer, run } = JSON.parse(await (await post('/ask', 'Where is it?')).text())
  expect(answer).toBe('An answer to: Where is it?')
  await tracing.shutdown()
  const thumb = (up: boolean, words: string) => post('/thumb', JSON.stringify({ run, up, words }))
  expect((await thumb(true, 'Fine.')).status).toBe(200)
  expect((await thumb(false, 'On second thought: too vague.')).status).toBe(200)
  const forged = JSON.stringify({ run: { traceId: "' OR 1=1", spanId: '1' }, up: true, words: '' })
  expect((await post('/thumb', forged)).status).toBe(400)

  expect(await collector.store.feedback([run.traceId])).toMatchObject([
    { name: 'thumb', score: 0, comment: 'On second thought: too vague.', source: 'human' },
  ])
})
