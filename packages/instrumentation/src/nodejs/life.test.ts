import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Form, runChild } from '../testing/child.ts'
import { listenInVain } from '../testing/full-port.ts'
import { startReceiver } from '../testing/receiver.ts'

const forms: readonly Form[] = ['module', 'commonjs', 'worker']
const work = `const agent = run('agent', () => bundle('step', (n) => n + 1)(1)); agent()`

let directory: string
let full: Awaited<ReturnType<typeof listenInVain>> | undefined
/** Takes connections and never says a word. */
const hole = createServer((socket) => socket.on('error', () => undefined))
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-life-'))
  await new Promise<void>((done) => hole.listen(0, '127.0.0.1', done))
  full = await listenInVain()
})
afterAll(async () => {
  hole.close()
  await full?.close()
  await rm(directory, { recursive: true })
})

async function receive(status?: (request: number) => number | Promise<number>) {
  const receiver = await startReceiver(status)
  onTestFinished(() => receiver.close())
  return receiver
}

/** An address that nobody listens at: it was given out a moment ago and is free again. */
async function refusing(): Promise<string> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return `http://127.0.0.1:${port}`
}

const nobody: Record<string, () => string | Promise<string>> = {
  'nobody listens': refusing,
  'nobody ever answers': () => `http://127.0.0.1:${(hole.address() as AddressInfo).port}`,
  'no connection is accepted': () => `http://127.0.0.1:${full?.port}`,
  'the name is unknown': () => 'http://nobody.invalid:4318',
  'the address is none': () => 'localhost:4318',
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

/** An address that is none is said at once; what an end says comes after that. */
const linesAfterStart = (text: string) =>
  linesOf(text).filter((line) => !line.startsWith('T2_START_ENDPOINT: '))

describe.each(Object.keys(nobody))('where %s', (where) => {
  const startThere = async () => {
    const endpoint = await nobody[where]?.()
    return `const tracing = start({ endpoint: ${JSON.stringify(endpoint)} }); ${work}`
  }

  test.each(forms)('a %s ends by itself and says once how much was lost', async (form) => {
    const { stderr, code } = await runChild(directory, await startThere(), { form })
    expect(code).toBe(0)
    expect(linesAfterStart(stderr)).toEqual([
      expect.stringMatching(/^T2_SPANS_LOST: 2 spans were lost; /),
    ])
    const isSaidAtStart = linesOf(stderr)[0]?.startsWith('T2_START_ENDPOINT: ')
    expect(isSaidAtStart).toBe(where === 'the address is none')
  })

  test.each(forms)(
    'nothing that is under way or waits to be tried again holds a %s',
    async (form) => {
      // Time for the first attempt, and none for it to end by itself.
      const body = `${await startThere()}; await new Promise((done) => setTimeout(done, 300)); agent()`
      const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '600000' }
      const { stderr, code } = await runChild(directory, body, { form, env })
      expect(code).toBe(0)
      const lost = linesAfterStart(stderr).filter((line) =>
        line.startsWith('T2_SPANS_LOST: 4 spans were'),
      )
      expect(lost).toHaveLength(1)
    },
  )

  test.each(forms)('the shutdown of a %s resolves, and leaves nothing that runs', async (form) => {
    const body = `${await startThere()}; await tracing.shutdown(); await tracing.shutdown(); console.log('over')`
    const { stdout, stderr, code } = await runChild(directory, body, { form })
    expect({ stdout, code }).toEqual({ stdout: 'over\n', code: 0 })
    expect(linesAfterStart(stderr)).toEqual([
      expect.stringMatching(/^T2_SPANS_LOST: 2 spans were lost; /),
    ])
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    '%s ends a program that would run on',
    async (stop) => {
      const body = `${await startThere()}; setInterval(() => {}, 1000); console.log('ready')`
      const { stderr, signal } = await runChild(directory, body, { stop })
      expect(signal).toBe(stop)
      expect(linesAfterStart(stderr).filter((line) => line.includes('lost'))).toHaveLength(1)
    },
  )

  test('a flush rejects with an error that says so; all is said once', async () => {
    const body = `${await startThere()}
      for (let time = 0; time < 2; time++) {
        agent()
        await tracing.flush().catch((error) => console.log(error instanceof Error, error.code))
      }`
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '500' }
    const { stdout, stderr, code } = await runChild(directory, body, { env })
    expect({ stdout, code }).toEqual({ stdout: 'true T2_SPANS_SEND\n'.repeat(2), code: 0 })
    expect(linesAfterStart(stderr)).toEqual([
      expect.stringMatching(/^T2_SPANS_SEND: /),
      expect.stringMatching(/^T2_SPANS_LOST: 6 spans were lost; /),
    ])
  })
})

describe('a receiver that lives', () => {
  test.each(forms)('gets all spans of a %s that ends by itself', async (form) => {
    const receiver = await receive()
    const body = `start({ endpoint: '${receiver.url}' }); ${work}`
    const { stderr, code } = await runChild(directory, body, { form })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(receiver.spans().map(({ name }) => name)).toEqual(['step', 'agent'])
  })

  test('is waited for at the end when it has become slow', async () => {
    const slow = async (request: number) => {
      if (request > 1) await new Promise((done) => setTimeout(done, 2_000))
      return 200
    }
    const receiver = await receive(slow)
    const body = `const tracing = start({ endpoint: '${receiver.url}' }); ${work}
      await tracing.flush(); agent()`
    const { stderr } = await runChild(directory, body)
    expect(stderr).toBe('')
    expect(receiver.spans()).toHaveLength(4)
  })

  test('is asked again at the end while it is busy', async () => {
    const receiver = await receive((request) => (request === 1 ? 503 : 200))
    const { stderr } = await runChild(directory, `start({ endpoint: '${receiver.url}' }); ${work}`)
    expect(stderr).toBe('')
    expect(receiver.spans()).toHaveLength(2)
  })

  test('that is busy for a moment is asked again within one flush', async () => {
    const receiver = await receive((request) => (request <= 2 ? 503 : 200))
    const body = `const tracing = start({ endpoint: '${receiver.url}' }); ${work}
      await tracing.flush()
      console.log('taken')`
    const { stdout, stderr } = await runChild(directory, body)
    expect({ stdout, stderr }).toEqual({ stdout: 'taken\n', stderr: '' })
    expect(receiver.spans()).toHaveLength(2)
  })

  test('gets later what it could not take in the time of a request', async () => {
    const receiver = await receive((request) => (request <= 2 ? 503 : 200))
    const body = `const tracing = start({ endpoint: '${receiver.url}' }); ${work}
      await tracing.flush().catch((error) => console.log(error.message))
      await tracing.flush().catch((error) => console.log(error.message))
      await tracing.flush()
      console.log('taken')`
    // Less than the exporter pauses before it asks again.
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '700' }
    const { stdout } = await runChild(directory, body, { env })
    expect(linesOf(stdout)).toEqual([
      expect.stringContaining('503'),
      expect.stringContaining('503'),
      'taken',
    ])
    expect(receiver.spans()).toHaveLength(2)
  })

  test.each([
    'await tracing.shutdown(); clearInterval(alive)',
    'process.kill(process.pid, "SIGTERM")',
  ])('that has only said that it is busy is waited for by %s', async (end) => {
    const receiver = await receive((request) => (request === 1 ? 503 : 200))
    const body = `const tracing = start({ endpoint: '${receiver.url}' }); ${work}
        const alive = setInterval(() => {}, 1_000); await new Promise((done) => setTimeout(done, 200)); ${end}`
    const { stderr } = await runChild(directory, body)
    expect(stderr).toBe('')
    expect(receiver.spans()).toHaveLength(2)
  })

  test.each(['', "setInterval(() => {}, 1000); process.kill(process.pid, 'SIGTERM')"])(
    'gets what was still being read when the process ends %s',
    async (end) => {
      const receiver = await receive(() => 200)
      const body = `start({ endpoint: '${receiver.url}' })
        const words = bundle('words', function* () { yield 'one '; yield 'two' })
        globalThis.kept = run('agent', () => [words(), words()])(); kept[0].next(); ${end}`
      const { stderr } = await runChild(directory, body)
      expect(stderr).toBe('')
      expect(receiver.spans()).toHaveLength(3)
    },
  )

  test('that refuses says why, once', async () => {
    const receiver = await receive(() => 401)
    const body = `const tracing = start({ endpoint: '${receiver.url}' }); ${work}
      await tracing.flush().catch(() => {}); agent(); await tracing.flush().catch(() => {})`
    const { stderr } = await runChild(directory, body)
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/^T2_SPANS_SEND: .*status 401/),
      expect.stringMatching(/^T2_SPANS_LOST: 4 spans were lost; .*status 401/),
    ])
  })

  test('is shown without secrets, and its words as one line of plain text', async () => {
    const server = createHttpServer((request, response) => {
      request.resume()
      response.writeHead(400).end('no\u001b[31m\n\u202eT2_FAKE: red')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const url = `http://user:secret@127.0.0.1:${port}/in?token=secret`
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url }
    const { stderr } = await runChild(directory, `start(); ${work}`, { env })
    expect(stderr).toContain(`http://127.0.0.1:${port}/in: status 400: no`)
    expect(stderr).not.toContain('secret')
    expect(stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('gets the headers and the compression that the environment asks for', async () => {
    const received: unknown[] = []
    const server = createHttpServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString())
      received.push([request.headers['x-team'], body.resourceSpans[0].scopeSpans[0].spans.length])
      response.end()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { stderr } = await runChild(directory, `start(); ${work}`, {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-team=support',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      },
    })
    expect({ stderr, received }).toEqual({ stderr: '', received: [['support', 2]] })
  })

  test('gets the first trace at once, whatever the batches wait for', async () => {
    const requests = new EventEmitter()
    const receiver = await receive(() => {
      setTimeout(() => requests.emit('answered'), 100)
      return 200
    })
    const body = `start({ endpoint: '${receiver.url}' }); ${work}; setInterval(() => {}, 1000)`
    const env = { OTEL_BSP_SCHEDULE_DELAY: '600000' }
    await runChild(directory, body, { env, killWhen: once(requests, 'answered') })
    expect(receiver.spans()).toHaveLength(2)
  })

  test('and lost spans make up all that were recorded', async () => {
    const receiver = await receive()
    const { stderr } = await runChild(
      directory,
      `start({ endpoint: '${receiver.url}' }); ${work}; for (let n = 0; n < 4_000; n++) agent()`,
    )
    const lost = Number(/([\d,]+) spans were lost/.exec(stderr)?.[1]?.replaceAll(',', '') ?? 0)
    expect(receiver.spans().length + lost).toBe(8_002)
    expect(receiver.spans().length).toBeGreaterThan(2_000)
  })
})

describe('start', () => {
  test('called twice gives what runs, and says once what is not used', async () => {
    const receiver = await receive()
    const { stdout, stderr } = await runChild(
      directory,
      `const options = { endpoint: '${receiver.url}', serviceName: 'first' }
      const first = start(options)
      const rest = [start(options), start(), start({ serviceName: 'second' }), start({ serviceName: 'second' })]
      console.log(rest.every((other) => other === first))
      ${work}`,
    )
    expect(stdout).toBe('true\n')
    expect(linesOf(stderr)).toEqual([expect.stringMatching(/^T2_START_TWICE: .*`serviceName`/)])
    expect(receiver.spans()).toHaveLength(2)
  })

  test('works again after shutdown, as often as a program is frozen and thawed', async () => {
    const receiver = await receive()
    const { stderr } = await runChild(
      directory,
      `const agent = run('agent', async () => bundle('step', () => 1)())
      for (let time = 0; time < 3; time++) {
        const tracing = start({ endpoint: '${receiver.url}', serviceName: 'time ' + time })
        await agent()
        await (time === 1 ? tracing.flush() : undefined)
        const closing = tracing.shutdown()
        await (time === 2 ? undefined : closing)
      }
      await agent()`,
    )
    expect(stderr).toBe('')
    expect(receiver.spans()).toHaveLength(6)
    expect(JSON.stringify(receiver.resources())).toMatch(/time 0.*time 1.*time 2/)
  })

  test.each([
    ['and says so once', {}, 1],
    ['and says nothing of it where nothing is to be sent', { OTEL_TRACES_EXPORTER: 'none' }, 0],
  ])('leaves the provider of somebody else in place, %s', async (_how, env, said) => {
    const receiver = await receive()
    const sdk = JSON.stringify(import.meta.resolve('@opentelemetry/sdk-trace-node'))
    const { stdout, stderr, code } = await runChild(
      directory,
      `const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = await import(${sdk})
      const exporter = new InMemorySpanExporter()
      new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
      const tracing = start({ endpoint: '${receiver.url}' })
      ${work}
      await tracing.flush()
      console.log(exporter.getFinishedSpans().length)
      await tracing.shutdown()
      agent()
      console.log(exporter.getFinishedSpans().length)`,
      { env },
    )
    expect({ stdout, code }).toEqual({ stdout: '2\n4\n', code: 0 })
    expect(linesOf(stderr)).toEqual(Array(said).fill(expect.stringMatching(/^T2_START_PROVIDER: /)))
    expect(receiver.spans()).toEqual([])
  })

  test('says on standard error, once, what feedback had no target', async () => {
    const receiver = await receive()
    const { stderr, code } = await runChild(
      directory,
      `start({ endpoint: '${receiver.url}' })
      const revoked = Proxy.revocable({}, {}); revoked.revoke()
      for (const target of [{ traceId: 'abc' }, 'nobody', undefined, { traceId: '0'.repeat(32) }]) {
        feedback(target, { name: 'thumb', score: 1 })
      }
      feedback(revoked.proxy, { name: 'thumb', score: 1 })
      feedback(Promise.resolve('later'), { name: 'late thumb', score: 1 })
      feedback({ traceId: 'a'.repeat(32) }, { name: 'empty' })
      feedback({ traceId: 'a'.repeat(32) }, undefined)`,
    )
    expect(code).toBe(0)
    expect(stderr).toContain('a promise for a target: await it')
    expect(linesOf(stderr).map((line) => line.slice(0, 50).replace(/:.*/, ''))).toEqual([
      'T2_FEEDBACK_TARGET',
      'T2_FEEDBACK_TARGET',
      'T2_FEEDBACK_TARGET',
      'T2_FEEDBACK_TARGET',
      'T2_FEEDBACK_EMPTY',
      'T2_FEEDBACK_EMPTY',
    ])
  })

  test('speaks to the logger of a program that has one, and to nobody else', async () => {
    const body = `diag.setLogger(new DiagConsoleLogger())
      start({ endpoint: ${JSON.stringify(await refusing())} }); ${work}
      await new Promise((done) => setTimeout(done, 500))`
    const { stdout, stderr } = await runChild(directory, body)
    expect((stdout + stderr).match(/T2_SPANS_LOST/g)).toHaveLength(1)
    expect((stdout + stderr).match(/T2_SPANS_SEND/g)).toHaveLength(1)
  })

  test('says what process.exit() left behind', async () => {
    const receiver = await receive()
    const body = `start({ endpoint: '${receiver.url}' }); ${work}; process.exit(3)`
    const { stderr, code } = await runChild(directory, body)
    expect(code).toBe(3)
    expect(linesOf(stderr)).toEqual([expect.stringMatching(/^T2_SPANS_LOST: 2 spans were lost; /)])
  })
})
