import {
  createServer,
  type ServerOptions as HttpOptions,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { getRequestListener } from '@hono/node-server'
import { raise } from '../errors.ts'
import type { TlsOptions } from '../security/options.ts'
import { answerForeign } from './foreign-connections.ts'
import { RefusalLog } from './refusal-log.ts'

/** How long a sender may take, in milliseconds. */
export interface Timeouts {
  /** For the headers of a request. */
  readonly headers: number
  /** For a whole request. */
  readonly request: number
  /** For what is under way when the server closes. */
  readonly closing: number
}

const defaults: Timeouts = { headers: 10_000, request: 60_000, closing: 3000 }
/** Longer than the five seconds between the exports of a quiet program, so that these find their connection open. */
const KEEP_ALIVE_MS = 30_000

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly tls?: TlsOptions | undefined
  readonly timeouts?: Timeouts
  /** Is told of connections that speak something else than HTTP/1. */
  readonly refusals?: RefusalLog
}

export interface Servers {
  readonly url: string
  /** Where other processes of this machine reach it, without a certificate to check. */
  readonly localUrl: string
  /** Requests under way are answered, if they come to their end soon; connections without one are closed. */
  close(): Promise<void>
}

/**
 * Serves an application: over TLS where there is a certificate, and then over plain HTTP for this machine as well,
 * on a port of its own, because a certificate is made out to the name that other machines use.
 *
 * @throws {Trace2Error} `T2_PORT_IN_USE`, `T2_CONFIG` for an address or a certificate that cannot be used.
 */
export async function openServers(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port, tls, timeouts = defaults, refusals = new RefusalLog() }: ServerOptions,
): Promise<Servers> {
  // HTTP/1.0 needs no Host; probes of load balancers send none, and no browser can do without.
  const listener = getRequestListener(fetch, { hostname: 'localhost' })
  const limits = {
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(timeouts.headers / 4, 1000),
  }
  const server = tls ? tlsServer(tls, limits) : createServer(limits)
  const stopServer = serve(server, listener, timeouts)
  const bound = await listen(server, host, port)
  const scheme = tls ? 'https' : 'http'
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`
  // No program sends to the address that stands for all of them.
  const named = url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:)/, '//HOST')
  answerForeign(server, named, refusals)
  if (!tls) return { url, localUrl: url, close: stopServer }

  const local = createServer(limits)
  const stopLocal = serve(local, listener, timeouts)
  const localUrl = `http://127.0.0.1:${await listen(local, '127.0.0.1', 0)}`
  const close = async () => {
    await Promise.all([stopServer(), stopLocal()])
  }
  return { url, localUrl, close }
}

function tlsServer({ cert, key }: TlsOptions, limits: HttpOptions): Server {
  try {
    const { headersTimeout: handshakeTimeout } = limits
    return createTlsServer({ cert, key, minVersion: 'TLSv1.2', handshakeTimeout, ...limits })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_CONFIG', `The TLS certificate or key cannot be used: ${reason}`, {
      cause: error,
    })
  }
}

/** Resolves with the port. */
function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE'
      reject(
        taken
          ? raise('T2_PORT_IN_USE', `Port ${port} of ${host} is in use.`)
          : raise('T2_CONFIG', `Port ${port} of ${host} cannot be used: ${error.message}.`, {
              cause: error,
            }),
      )
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Answers a server's requests. Returns what stops it. */
function serve(server: Server, listener: RequestListener, timeouts: Timeouts): () => Promise<void> {
  const answering = new Set<ServerResponse>()
  let stopping = false
  server.on('request', (request, response) => {
    answering.add(response)
    response.once('close', () => answering.delete(response))
    if (stopping) endsConnection(response)
    listener(request, response)
  })
  return () =>
    new Promise((resolve) => {
      stopping = true
      for (const response of answering) endsConnection(response)
      // Once a server closes, its own time limits count no more: what stays open would stay for good.
      const cut = setTimeout(() => server.closeAllConnections(), timeouts.closing)
      server.close(() => {
        clearTimeout(cut)
        resolve()
      })
      server.closeIdleConnections()
    })
}

/** A sender under load would keep its connection busy, and the server open, until it is cut. */
function endsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
