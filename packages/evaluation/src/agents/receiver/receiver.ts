import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { ATTR_TRIAL } from '@trace2/core'
import { decodeTraces, type OtlpEncoding, type SpanRecord } from '@trace2/store/otlp'
import { raise } from '../../errors.ts'
import type { TrialTask } from '../agent.ts'
import { Inbox } from './inbox.ts'

const unzip = promisify(gunzip)

const longestBody = 64 * 1024 * 1024
const lookEveryMs = 10

/** Takes spans over OTLP/HTTP on 127.0.0.1 and sorts them to the trials that are under way. */
export class Receiver {
  readonly endpoint: string
  readonly #server: Server
  readonly #inboxes = new Map<string, Inbox>()
  #underWay = 0

  private constructor(server: Server, port: number) {
    this.#server = server
    this.endpoint = `http://127.0.0.1:${port}`
    server.on('request', (request, response) => {
      this.#underWay++
      void this.#answer(request, response).finally(() => this.#underWay--)
    })
  }

  /** @throws {Trace2Error} `T2_AGENT_LOAD` where the port is taken. */
  static async start(port = 0): Promise<Receiver> {
    const server = createServer()
    await new Promise<void>((done, fail) => {
      server.once('error', (error) => {
        const what = `Spans of the agent cannot be received on port ${port}: ${error.message}.`
        fail(raise('T2_AGENT_LOAD', what, { cause: error }))
      })
      server.listen(port, '127.0.0.1', done)
    })
    const address = server.address()
    return new Receiver(server, typeof address === 'object' && address ? address.port : port)
  }

  /** From now on spans of the trial are kept, until it is closed. */
  open(task: TrialTask): Inbox {
    const inbox = new Inbox(task)
    this.#inboxes.set(task.traceId, inbox)
    return inbox
  }

  /**
   * Closes the inbox of a trial that has ended: when the span that continues the trial's own has come in, after `waitMs`
   * at the latest, and all requests that are under way have been read.
   */
  async settle(inbox: Inbox, waitMs: number): Promise<void> {
    const until = performance.now() + waitMs
    while (!inbox.hasRoot && performance.now() < until) await pause(lookEveryMs)
    while (this.#underWay > 0) await pause(lookEveryMs)
    this.drop(inbox)
  }

  drop(inbox: Inbox): void {
    this.#inboxes.delete(inbox.task.traceId)
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done))
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
    const encoding = encodings.get(type)
    const reply = (status: number, body = '') => {
      response.writeHead(status, { 'content-type': encoding ? type : 'text/plain' }).end(body)
    }
    if (!paths.has(request.url ?? '')) return reply(404)
    if (request.method !== 'POST' || !encoding) return reply(415)
    try {
      const body = await readBody(request)
      // Logs and metrics are taken so that exporters do not complain, and not kept.
      if (request.url === '/v1/traces') {
        this.#sort(decodeTraces(body, encoding).spans, body.byteLength)
      }
      reply(200, encoding === 'json' ? '{}' : '')
    } catch (error) {
      // An exporter sends again what is answered with a 5xx: that is never of use here.
      reply(400, encoding === 'json' ? JSON.stringify({ message: String(error) }) : '')
      request.destroy()
    }
  }

  #sort(spans: readonly SpanRecord[], bytes: number): void {
    const found = new Map<Inbox, SpanRecord[]>()
    for (const span of spans) {
      const inbox = this.#inboxes.get(span.traceId) ?? this.#named(span)
      if (!inbox) continue
      const others = found.get(inbox)
      if (others) others.push(span)
      else found.set(inbox, [span])
    }
    for (const [inbox, of] of found) inbox.add(of, (bytes * of.length) / spans.length)
  }

  /** An agent that begins a trace of its own still says whose it is, if it takes its resource from the environment. */
  #named(span: SpanRecord): Inbox | undefined {
    const trial = span.resource.attributes.get(ATTR_TRIAL)
    if (typeof trial !== 'string') return undefined
    return [...this.#inboxes.values()].find(({ task }) => task.id === trial)
  }
}

const encodings: ReadonlyMap<string, OtlpEncoding> = new Map([
  ['application/json', 'json'],
  ['application/x-protobuf', 'protobuf'],
])

const paths: ReadonlySet<string> = new Set(['/v1/traces', '/v1/logs', '/v1/metrics'])

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.byteLength
    if (bytes > longestBody) throw new Error(`The body is longer than ${longestBody} bytes.`)
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const zipped = /gzip/.test(request.headers['content-encoding'] ?? '')
  return zipped ? unzip(body, { maxOutputLength: longestBody }) : body
}
