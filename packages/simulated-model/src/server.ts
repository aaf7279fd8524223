import type { AddressInfo, Socket } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { simulatedApi } from './protocol/app.ts'

/** Options of {@link startSimulatedModel}. */
export interface SimulatedModelOptions {
  /** Decides the weak guesses; the same seed and request give the same answer. Default 0. */
  readonly seed?: number
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number
}

/** A running simulated model. `await using` closes it. */
export interface SimulatedModel extends AsyncDisposable {
  /** Base URL for `OPENAI_BASE_URL`, ending in `/v1`. */
  readonly url: string
  /** Port on 127.0.0.1 that it listens on. */
  readonly port: number
  /** How many completions and embeddings it has answered. */
  requests(): number
  /** Lets the process end although the server is listening: for a program that has nothing to close it at. */
  unref(): void
  /** Stops listening and drops idle connections. */
  close(): Promise<void>
}

/**
 * Starts the simulated model on 127.0.0.1. It speaks the OpenAI chat completions and embeddings API and answers by
 * rules (see the README): figures obtained with it describe the simulation, not any language model.
 *
 * @returns the running server; rejects with Node's error where the port is taken.
 * @example
 * await using model = await startSimulatedModel()
 * const client = new OpenAI({ baseURL: model.url, apiKey: 'none' })
 * await client.chat.completions.create({
 *   model: CHAT_MODEL,
 *   messages: [
 *     { role: 'system', content: 'Answer with one of: yes, no. If the text mentions "rain", answer "yes".' },
 *     { role: 'user', content: 'It rained all day.' },
 *   ],
 * }) // … content: 'yes'
 */
export async function startSimulatedModel({
  seed = 0,
  port = 0,
}: SimulatedModelOptions = {}): Promise<SimulatedModel> {
  let answered = 0
  const app = simulatedApi(seed, () => {
    answered++
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  const sockets = new Set<Socket>()
  let unrefed = false
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (unrefed) socket.unref()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const taken = isAddress(address) ? address.port : port
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()))
      if ('closeIdleConnections' in server) server.closeIdleConnections()
    })
  return {
    url: `http://127.0.0.1:${taken}/v1`,
    port: taken,
    requests: () => answered,
    unref() {
      unrefed = true
      server.unref()
      for (const socket of sockets) socket.unref()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
