import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { getRequestListener } from '@hono/node-server'
import { raise } from '../errors.ts'
import type { TlsOptions } from '../operations/security/options.ts'

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly tls?: TlsOptions | undefined
}

export interface Servers {
  readonly url: string
  /** Where other processes of this machine reach it, without a certificate to check. */
  readonly localUrl: string
  /** Requests under way are answered; connections without one are closed. */
  close(): Promise<void>
}

/**
 * Serves an application: over TLS where there is a certificate, and then over plain HTTP for this machine as well,
 * on a port of its own, because a certificate is made out to the name that other machines use.
 *
 * @throws {Trace2Error} `T2_PORT_IN_USE`, `T2_CONFIG` for a certificate that cannot be used.
 */
export async function openServers(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port, tls }: ServerOptions,
): Promise<Servers> {
  const listener = getRequestListener(fetch)
  const server = tls ? tlsServer(tls) : createServer()
  server.on('request', listener)
  const bound = await listen(server, host, port)
  const scheme = tls ? 'https' : 'http'
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`
  if (!tls) return { url, localUrl: url, close: () => stop(server) }

  const local = createServer(listener)
  const localUrl = `http://127.0.0.1:${await listen(local, '127.0.0.1', 0)}`
  const close = async () => {
    await Promise.all([stop(server), stop(local)])
  }
  return { url, localUrl, close }
}

function tlsServer({ cert, key }: TlsOptions): Server {
  try {
    return createTlsServer({ cert, key, minVersion: 'TLSv1.2' })
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
      reject(taken ? raise('T2_PORT_IN_USE', `Port ${port} of ${host} is in use.`) : error)
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
