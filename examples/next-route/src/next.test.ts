import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryCollector } from './testing/collector.ts'

const cwd = fileURLToPath(new URL('..', import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const

/** Builds the application, and gives what was printed. */
async function build(flags: readonly string[]) {
  const options = { cwd, env: { ...env, OPENAI_API_KEY: 'none' } }
  const args = [next, 'build', ...flags]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options)
  return stdout + stderr
}

/** `next start`, its messages on standard error, and a collector that it sends to. */
async function startServer() {
  const collector = await temporaryCollector()
  const model = await startSimulatedModel()
  const args = [next, 'start', '--hostname', '127.0.0.1', '--port', '0']
  const server = spawn(process.execPath, args, {
    cwd,
    env: {
      ...env,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: model.url,
      TRACE2_MODEL: CHAT_MODEL,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      // Nothing is sent but by a flush, the first trace excepted.
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await ended
    await model.close()
  })
  let address: string | undefined
  for await (const line of createInterface(server.stdout)) {
    address ??= /http:\/\/\S+/.exec(line)?.[0]
    if (line.includes('Ready')) break
  }
  return {
    collector,
    post: (body: unknown) =>
      fetch(`${address}/api/triage`, { method: 'POST', body: JSON.stringify(body) }),
  }
}

describe.each([
  ['Turbopack', []],
  ['webpack, minified, with the plugin', ['--webpack']],
])('built by %s', (_name, flags) => {
  let log: string
  beforeAll(async () => {
    log = await build(flags)
  })

  test('Next.js builds it and has nothing to say against it', () => {
    expect(log).toContain('/api/triage')
    expect(log).not.toMatch(/warning/i)
  })

  test('each request is a run of its own within the trace of Next.js, and is sent once it is answered', async () => {
    const { collector, post } = await startServer()
    await post({ message: 'The first.' })
    const messages = ['Where is my parcel?', 'I was charged twice.', 'Hello!']
    const responses = await Promise.all(messages.map((message) => post({ message })))
    const answers = await Promise.all(
      responses.map(async (response) => JSON.parse(await response.text())),
    )
    expect(answers.map(({ team }) => team)).toEqual([
      'the shipping team',
      'the billing team',
      'a person',
    ])
    expect((await post({})).status).toBe(400)
    const sent = async () => {
      const runs = await collector.store.runs()
      return runs.flatMap((run) => (run.name === 'triage' ? [run.traceId] : []))
    }
    const expected = answers.map(({ run }) => run.traceId)
    await vi.waitFor(
      async () => expect(await sent()).toEqual(expect.arrayContaining(expected)),
      30_000,
    )

    for (const { run } of answers) {
      const { nodes, edges } = await collector.store.graph(run.traceId)
      const operators = nodes.flatMap((node) => (node.kind === 'op' ? [node] : []))
      expect(operators.filter((node) => node.run)).toMatchObject([
        { op: 'triage', ...run, parent: expect.any(String) },
      ])
      const names = new Map(nodes.map((node) => [node.id, 'op' in node ? node.op : node.kind]))
      const drawn = edges.map(({ from, to, role, how }) => {
        return `${names.get(from)} -> ${names.get(to)} ${role}: ${how}`
      })
      expect(drawn).toEqual(
        expect.arrayContaining([
          'parameter -> classify system: exact',
          'parameter -> openai.chat messages/0/system: template',
          'openai.chat -> classify return: value',
          'classify -> route category: value',
        ]),
      )
    }
  })
})
