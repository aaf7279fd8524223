import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { sendFeedback } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import { expect, onTestFinished, test } from 'vitest'
import { expressApp, POST } from './streaming-web.ts'
import { temporaryCollector } from './testing/collector.ts'

const thumb = { name: 'thumb', score: 0, comment: 'Too short.', source: 'human' } as const

test('a streamed answer hands out its run, and a thumb on that run is found there', async () => {
  const { collector } = await temporaryCollector()
  const tracing = start({ serviceName: 'streaming', endpoint: collector.url })
  const server = expressApp().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })

  const response = await POST(
    new Request('http://h/ask', { method: 'POST', body: 'a web handler' }),
  )
  const inHeader = JSON.parse(response.headers.get('x-run') ?? '')
  expect(await response.text()).toBe('You asked: a web handler ')

  const { port } = server.address() as AddressInfo
  const events = await (await fetch(`http://127.0.0.1:${port}/ask?question=express`)).text()
  expect(events).toContain('data: "express "\n\n')
  const [, last = ''] = /event: run\ndata: (.*)\n\n$/.exec(events) ?? []
  const inLastEvent = JSON.parse(last)

  // Who stops reading ends the run: it is stored with what was said until then.
  const left = await POST(new Request('http://h/ask', { method: 'POST', body: 'one two three' }))
  const reader = left.body?.getReader()
  await reader?.read()
  await reader?.cancel()

  const runs = async () => {
    await tracing.flush()
    return collector.store.runs()
  }
  await expect.poll(runs).toHaveLength(3)
  await tracing.shutdown()
  for (const ids of [inHeader, inLastEvent])
    await sendFeedback({ endpoint: collector.url }, ids, thumb)
  const outputs = new Map<string, unknown>()
  for (const run of await collector.store.runs()) {
    const { nodes } = await collector.store.graph(run.id)
    const node = nodes.find((one) => 'op' in one && one.op === 'streaming-agent')
    outputs.set(run.traceId, node && 'value' in node ? node.value : undefined)
  }
  expect(outputs.get(inHeader.traceId)).toBe('You asked: a web handler ')
  expect(outputs.get(inLastEvent.traceId)).toBe('You asked: express ')
  expect([...outputs.values()].some((said) => /^You ($|asked: $)/.test(String(said)))).toBe(true)
  for (const { traceId, spanId } of [inHeader, inLastEvent]) {
    expect(await collector.store.feedback([traceId])).toMatchObject([{ traceId, spanId, score: 0 }])
  }
})

test('without a tracer provider a stream is the same, and hands out nothing', async () => {
  const response = await POST(new Request('http://h/ask', { method: 'POST', body: 'plainly' }))
  expect(await response.text()).toBe('You asked: plainly ')
  expect(response.headers.has('x-run')).toBe(false)
})
