import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { recordedRun, replayability, replayCounts, reproduction } from '@trace2/evaluation'
import { bundle, parameter, run } from '@trace2/instrumentation'
import { replaying } from '@trace2/instrumentation/replay'
import { expect, it } from 'vitest'
import { collector } from './support/place.ts'

it('replays a run as the store gives it back', async () => {
  const { url, store } = await collector()
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))],
  })
  provider.register()
  const tone = parameter('replay.tone', 'polite')
  let executed: string[] = []
  const classify = bundle('classify', async (ticket: { readonly text: string }) => {
    executed.push('classify')
    return { category: ticket.text.length > 10 ? 'long' : 'short', weight: 1e21, odd: 'é\u0000\n"' }
  })
  const write = bundle('write', async function* (category: string) {
    executed.push('write')
    yield `${tone.value} `
    yield category
  })
  const send = bundle(
    'send',
    (text: string) => {
      executed.push('send')
      if (text.includes('rude')) throw new Error('never')
      return { id: 7, at: null }
    },
    { step: 'tool' },
  )
  const agent = run('agent', async (ticket: { readonly text: string }) => {
    const { category } = await classify(ticket)
    let text = ''
    for await (const piece of write(category)) text += piece
    return { text, sent: send(text) }
  })
  const ticket = { text: 'My parcel never came' }
  const output = await agent(ticket)
  await provider.forceFlush()
  expect(executed).toEqual(['classify', 'write', 'send'])

  const [stored] = await store.runs()
  const recorded = await recordedRun(store, stored?.id ?? '')
  expect(replayability(recorded, {})).toEqual({
    extent: 'whole',
    calls: 3,
    answerable: 3,
    obstacles: [],
  })
  executed = []
  const same = await replaying(recorded, {}, () => agent(ticket))
  expect(executed).toEqual([])
  expect(JSON.stringify(same.result)).toBe(JSON.stringify(output))
  expect(reproduction(recorded, same.result ?? null)).toEqual({ isReproducible: true })
  expect(replayCounts(same.report)).toEqual({
    executed: {},
    served: { classify: 1, send: 1, write: 1 },
    fresh: 0,
    unused: 0,
    savedUsd: null,
  })

  tone.update('rude')
  const changed = await replaying(recorded, {}, () => agent(ticket))
  expect(executed).toEqual(['write'])
  expect(changed.report).toMatchObject({
    executed: { write: 1 },
    served: { classify: 1 },
    ended: { kind: 'diverged', op: 'send', inputs: { text: 'rude long' } },
  })
  await provider.shutdown()
})
