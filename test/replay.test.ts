import { join } from 'node:path'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { type Collector, startCollector } from '@trace2/collector'
import { recordedRun, replayability, replayCounts, reproduction } from '@trace2/evaluation/replay'
import { bundle, parameter, run, useTracerProvider } from '@trace2/instrumentation'
import { replaying } from '@trace2/instrumentation/replay'
import { expect, it, onTestFinished } from 'vitest'
import { collector, place } from './support/place.ts'

/** Sends what is recorded from here on to a collector. */
function recordTo({ url }: Collector): NodeTracerProvider {
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))],
  })
  useTracerProvider(provider)
  onTestFinished(async () => {
    useTracerProvider(undefined)
    await provider.shutdown()
  })
  return provider
}

it('replays a run as the store gives it back', async () => {
  const started = await collector()
  const { store } = started
  const provider = recordTo(started)
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
})

it('gives nothing again that a collector has taken something out of', async () => {
  const redaction = {
    key: 'a-key-that-nobody-knows',
    rules: [{ name: 'email', preset: 'email' as const }],
  }
  const started = await startCollector({
    db: join(await place(), 'test.duckdb'),
    port: 0,
    redaction,
  })
  onTestFinished(() => started.close())
  const provider = recordTo(started)
  let executed: string[] = []
  const address = bundle('address', (name: string) => {
    executed.push('address')
    return `${name}@customer.example`
  })
  const size = bundle('size', (to: string) => {
    executed.push('size')
    return to.length
  })
  const send = bundle('send', (to: string) => to.length, { sideEffects: true })
  const agent = run('agent', async (name: string, isSent: boolean) => {
    const to = address(name)
    return isSent ? send(to) : size(to)
  })
  const replayOf = async (isSent: boolean) => {
    await agent('bob', isSent)
    await provider.forceFlush()
    const [stored] = await started.store.runs({ limit: 1 })
    const recorded = await recordedRun(started.store, stored?.id ?? '')
    expect(JSON.stringify(recorded)).not.toContain('customer.example')
    executed = []
    const { result, report } = await replaying(recorded, {}, () => agent('bob', isSent))
    return { recorded, result, report }
  }
  const part = await replayOf(false)
  expect(replayability(part.recorded, {})).toEqual({
    extent: 'part',
    calls: 2,
    answerable: 0,
    obstacles: [
      { op: 'address', calls: 1, reason: 'its output was redacted', isFatal: false },
      { op: 'size', calls: 1, reason: 'its input to cannot be compared', isFatal: false },
    ],
  })
  expect(part.result).toBe('bob@customer.example'.length)
  expect(executed).toEqual(['address', 'size'])
  const none = await replayOf(true)
  expect(replayability(none.recorded, {})).toMatchObject({ extent: 'none', answerable: 0 })
  expect(none.report.ended).toMatchObject({ kind: 'not replayable', op: 'send' })
})

it('replays a run inside a trace of several, with its errors', async () => {
  const started = await collector()
  const provider = recordTo(started)
  let executed: string[] = []
  const ask = bundle('ask', async (text: string, attempt: number) => {
    executed.push('ask')
    if (attempt === 1) throw Object.assign(new TypeError(`no “${text}”`), { status: 429 })
    return { text, at: undefined, attempt }
  })
  const agent = run('agent', async (text: string) => {
    try {
      return await ask(text, 1)
    } catch (error) {
      const { status } = error as { status?: number }
      return {
        ...(await ask(text, 2)),
        error: String(error),
        status,
        is: error instanceof TypeError,
      }
    }
  })
  const outputs = await run('batch', async () => [await agent('first'), await agent('second')])()
  await provider.forceFlush()
  const runs = await started.store.runs()
  const inner = runs.filter(({ name }) => name === 'agent').reverse()
  expect(inner).toHaveLength(2)
  for (const [index, text] of ['first', 'second'].entries()) {
    const recorded = await recordedRun(started.store, inner[index]?.id ?? '')
    executed = []
    const { result } = await replaying(recorded, {}, () => agent(text))
    expect(result).toStrictEqual(outputs[index])
    expect(executed).toEqual([])
  }
})

it('says of a run without operators that there is nothing to answer', () => {
  const nothing = { run: 'none', root: null, calls: [] }
  expect(replayability(nothing, {})).toMatchObject({ extent: 'none', calls: 0 })
})
