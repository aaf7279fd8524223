import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startSimulatedModel } from '@trace2/simulated-model'
import { openStore } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import { expect, it, onTestFinished } from 'vitest'
import { place } from './support/place.ts'

const command = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))

/** An endpoint that answers as the simulated model does, keeps what it was asked, and can stop answering. */
async function endpoint() {
  const model = await startSimulatedModel({ seed: 1 })
  const asked: string[] = []
  const state = { answers: Number.POSITIVE_INFINITY, held: () => {} }
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    asked.push(body)
    if (asked.length > state.answers) return state.held()
    const answer = await fetch(model.url.replace(/\/v1$/, '') + (request.url ?? ''), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body,
    })
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(await answer.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await model.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/v1`, asked, state }
}

async function database(file: string): Promise<void> {
  const store = await openStore(file)
  const id = (n: number, length: number) => n.toString(16).padStart(length, '0')
  const prompt = 'Answer with one of: refund, shipping, other.'
  const common = {
    traceState: '',
    flags: 1,
    kind: 1,
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    resource: { attributes: new Map(), schemaUrl: '' },
    scope: { name: 'test', version: '', attributes: new Map(), schemaUrl: '' },
  }
  for (let run = 1; run <= 4; run++) {
    const start = 10n ** 18n + BigInt(run) * 1_000_000n
    const ticket = run % 2 ? `money back for lamp ${run}` : `parcel late, number ${run}`
    const spans: SpanRecord[] = [
      {
        ...common,
        traceId: id(run, 32),
        spanId: id(run, 16),
        parentSpanId: undefined,
        name: 'classify',
        startNs: start,
        endNs: start + 500n,
        attributes: new Map<string, string | boolean | readonly string[]>([
          ['trace2.kind', 'op'],
          ['trace2.op', 'classify'],
          ['input.value', JSON.stringify({ ticket, system: prompt })],
          ['output.value', 'other'],
          ['trace2.inputs', ['system=param:triage.system@0011223344556677']],
          ['trace2.param.version.triage.system', '0011223344556677'],
          ['trace2.param.value.triage.system', JSON.stringify(prompt)],
          ['trace2.param.trainable.triage.system', true],
        ]),
      },
    ]
    await store.writeSpans(spans)
    const [category, words] = run % 2 ? ['refund', 'money back'] : ['shipping', 'parcel']
    await store.addFeedback({
      traceId: id(run, 32),
      spanId: null,
      name: 'category',
      score: 0,
      comment: `The category should be "${category}": the customer writes "${words}".`,
      identifier: 'colleague',
    })
  }
  await store.close()
}

function optimize(file: string, optimizer: string, url: string) {
  return spawn(process.execPath, [command, 'optimize', '--optimizer', optimizer, '--db', file], {
    stdio: 'ignore',
    env: {
      ...process.env,
      OPENAI_API_KEY: 'x',
      OPENAI_BASE_URL: url,
      TRACE2_MODEL: 'simulated-small',
    },
  })
}

async function proposals(file: string) {
  const store = await openStore(file)
  const found = await store.proposals()
  await store.close()
  return found.map(({ createdAt, ...proposal }) => proposal)
}

/**
 * Calls run side by side: what was answered meanwhile is given the time to be written down, which it is once the files of
 * the database have not grown for a while.
 */
async function written(file: string): Promise<void> {
  const size = async () => {
    const sizes = await Promise.all(
      [file, `${file}.wal`].map((name) =>
        stat(name).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    )
    return sizes.join(' ')
  }
  let before = ''
  for (let quiet = 0; quiet < 4; ) {
    const now = await size()
    quiet = now === before ? quiet + 1 : 0
    before = now
    await setTimeout(200)
  }
}

it.each(['optoprime', 'candidates', 'textgrad'])(
  'killed at any of its calls, %s goes on where it was and asks nothing twice that was answered',
  async (optimizer) => {
    const directory = await place()
    const fresh = join(directory, 'fresh.duckdb')
    await database(fresh)
    const whole = join(directory, 'whole.duckdb')
    await cp(fresh, whole)
    const uninterrupted = await endpoint()
    const [code] = await once(optimize(whole, optimizer, uninterrupted.url), 'close')
    expect(code).toBe(0)
    const expected = await proposals(whole)
    expect(expected.length).toBeGreaterThan(0)

    for (let answered = 0; answered < uninterrupted.asked.length; answered++) {
      const file = join(directory, `killed-${answered}.duckdb`)
      await cp(fresh, file)
      const { url, asked, state } = await endpoint()
      state.answers = answered
      const held = new Promise<void>((resolve) => {
        state.held = resolve
      })
      const child = optimize(file, optimizer, url)
      await held
      await written(file)
      child.kill('SIGKILL')
      await once(child, 'close')
      const before = asked.slice(0, answered)
      state.answers = Number.POSITIVE_INFINITY
      const from = asked.length
      const [again] = await once(optimize(file, optimizer, url), 'close')
      expect(again).toBe(0)
      expect(await proposals(file)).toEqual(expected)
      expect(asked.slice(from).filter((body) => before.includes(body))).toEqual([])
      expect(new Set(asked)).toEqual(new Set(uninterrupted.asked))
    }
  },
  300_000,
)
