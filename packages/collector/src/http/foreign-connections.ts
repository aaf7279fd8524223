import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { grpcAdvice } from './advice.ts'
import type { RefusalLog } from './refusal-log.ts'

/** How every connection of HTTP/2 begins, and so each of gRPC. */
const HTTP2_PREFACE = 'PRI * HTTP/2.0'
/** First byte of what begins TLS. */
const TLS_HANDSHAKE = 0x16

/** Statuses of what Node.js refuses itself, as it answers by default; all others are 400. */
const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/** Answers connections that cannot be read as HTTP/1, and says what their programs have to change. */
export function answerForeign(server: Server, url: string, refusals: RefusalLog): void {
  const tell = (what: string, status: number, reason: string) =>
    refusals.tell({ status, method: what, path: url, reason })
  const answers = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => answers.set(request.socket, response))
  server.on('clientError', (error: Error, socket: Duplex) => {
    const code = 'code' in error ? String(error.code) : ''
    // What is no fault of HTTP, such as a connection that broke, has nobody to answer.
    if (!/^(?:HPE|ERR_HTTP)_/.test(code)) return void socket.destroy()
    const foreign = foreignOf(packetOf(error), url)
    const status = statuses[code] ?? 400
    if (foreign) tell(foreign.what, status, foreign.advice)
    else if (code.startsWith('HPE_'))
      tell('a connection to', status, `It speaks no HTTP/1 (${code}).`)
    const begun = answers.get(socket)
    // A second answer would be read as a part of the first.
    if (!socket.writable || (begun?.headersSent && !begun.writableFinished)) socket.destroy()
    else socket.end(answerOf(status, foreign?.advice ?? ''), () => socket.destroy())
  })
  server.on('tlsClientError', (error: Error) => {
    if (!('code' in error) || error.code !== 'ERR_SSL_HTTP_REQUEST') return
    tell('plain HTTP to', 400, `The collector speaks TLS: send to ${url}.`)
  })
}

function foreignOf(packet: Buffer, url: string) {
  if (packet.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE) {
    return { what: 'gRPC or HTTP/2 to', advice: `A gRPC exporter connected. ${grpcAdvice(url)}` }
  }
  if (packet[0] !== TLS_HANDSHAKE) return undefined
  return { what: 'TLS to', advice: `The collector speaks no TLS here: send to ${url}.` }
}

function packetOf(error: Error): Buffer {
  return 'rawPacket' in error && Buffer.isBuffer(error.rawPacket)
    ? error.rawPacket
    : Buffer.alloc(0)
}

function answerOf(status: number, text: string): string {
  const body = text === '' ? '' : `${text}\n`
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    ...(body === '' ? [] : ['Content-Type: text/plain; charset=utf-8']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}
