import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeTraces, encodeTraces } from '@trace2/store/otlp'
import { expect, it, onTestFinished } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type ChildCollector, FAULTS, startChildCollector } from '../testing/child-collector.ts'
import { startTarget } from '../testing/otlp-target.ts'

const directory = temporaryDirectory()

const random = (below: number) => Math.floor(Math.random() * below)

it(`sends on everything acknowledged, in order, through ${FAULTS} kills and as many outages`, {
  timeout: 240_000 + FAULTS * 20_000,
}, async () => {
  // The target is busy now and then, and takes nothing every other life of the collector.
  let down = false
  const names: number[] = []
  const target = await startTarget(({ body }) => {
    if (down || random(8) === 0) return { status: 503, headers: { 'retry-after': '0' } }
    for (const { name } of decodeTraces(body, 'json').spans) names.push(Number(name))
    return { status: 200 }
  })
  onTestFinished(() => target.close())
  const given = {
    db: join(directory, 'killed.duckdb'),
    options: { forward: [{ url: target.url, encoding: 'json' }] },
    quiet: true,
  }
  const acknowledged: number[] = []
  let sent = 0
  const send = async ({ url }: ChildCollector) => {
    const name = `${++sent}`
    const body = Buffer.from(encodeTraces([span({ id: name, name })]))
    const headers = { 'content-type': 'application/x-protobuf' }
    const { ok } = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
    if (ok) acknowledged.push(sent)
  }

  for (let life = 0; life < FAULTS; life++) {
    down = life % 2 === 1
    const collector = await startChildCollector(given)
    const killed = sleep(100 + random(300)).then(() => collector.kill())
    // Until the connection breaks; no more than the target can take in its time, however fast the machine is.
    for (let alive = true; alive; ) {
      await sleep(random(5))
      alive = await send(collector).then(
        () => true,
        () => false,
      )
    }
    await killed
  }
  down = false
  const last = await startChildCollector(given)
  await send(last)
  const arrived = () => new Set(names)
  await expect
    .poll(() => acknowledged.filter((name) => !arrived().has(name)), {
      timeout: 120_000 + FAULTS * 5000,
    })
    .toEqual([])
  await last.stop()
  // Sent again after a kill, a request may arrive twice; what arrives for the first time is in order.
  const first = [...arrived()]
  expect(first).toEqual([...first].sort((a, b) => a - b))
  expect(acknowledged.length).toBeGreaterThan(FAULTS)
})
