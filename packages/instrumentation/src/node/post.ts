import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { promisify } from 'node:util'
import { gzip as gzipWith } from 'node:zlib'
import type { Destination } from './destination.ts'

/** What came of one request. Whatever was answered, somebody lives there. */
export type Answer =
  | { readonly kind: 'taken'; readonly rejected: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'busy'; readonly reason: string; readonly afterMs: number | undefined }
  | { readonly kind: 'silent'; readonly reason: string }

/** Sends the body of an export request. Never rejects. */
export type Post = (body: Uint8Array, signal: AbortSignal) => Promise<Answer>

const notHttp: Answer = {
  kind: 'refused',
  reason: 'an address begins with http:// or https://',
}

const compress = promisify(gzipWith)

const longestAnswer = 64 * 1024

/**
 * Posts to a destination over connections that stay open between requests and never keep the process alive: whoever
 * waits for an answer at the end of a process must hold it.
 */
export function postTo(destination: Destination): Post {
  const { headers, gzip, tls } = destination
  let url: URL
  try {
    url = new URL(destination.url)
  } catch {
    return async () => notHttp
  }
  if (!/^https?:$/.test(url.protocol)) return async () => notHttp
  const secure = url.protocol === 'https:'
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...tls })
    : new HttpAgent({ keepAlive: true })
  const send = secure ? requestHttps : requestHttp
  const attempt = (
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Answer | 'connection was closed'> =>
    new Promise((resolve) => {
      const options = {
        agent,
        signal,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': body.byteLength,
          ...(gzip ? { 'content-encoding': 'gzip' } : {}),
          ...headers,
        },
      }
      const request = send(url, options, (response) => {
        readAnswer(response).then(resolve, (error) => resolve(silent(error)))
      })
      request.on('socket', (socket) => socket.unref())
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A connection that was open for long may have been closed by the other side, or while a machine was frozen.
        const stale = request.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(error.code ?? '')
        resolve(stale ? 'connection was closed' : silent(error))
      })
      request.end(body)
    })
  return async (body, signal) => {
    try {
      const sent = gzip ? await compress(body) : body
      for (;;) {
        const answer = await attempt(sent, signal)
        if (answer !== 'connection was closed') return answer
      }
    } catch (error) {
      return { kind: 'refused', reason: messageOf(error) }
    }
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let body = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    if (body.length < longestAnswer) body += String(chunk)
  }
  const { statusCode = 0, headers } = response
  if (statusCode >= 200 && statusCode < 300) return { kind: 'taken', ...partialSuccess(body) }
  const said = body.replace(/\s+/g, ' ').slice(0, 200)
  const reason = `status ${statusCode}${said === '' ? '' : `: ${said}`}`
  return [429, 502, 503, 504].includes(statusCode)
    ? { kind: 'busy', reason, afterMs: retryAfter(headers['retry-after']) }
    : { kind: 'refused', reason }
}

/** How many spans of an accepted request the receiver did not take, and why; see OTLP's partial success. */
function partialSuccess(body: string): { rejected: number; reason: string } {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return { rejected: 0, reason: '' }
  }
  const partial = memberOf(answer, 'partialSuccess')
  const rejected = Number(memberOf(partial, 'rejectedSpans') ?? 0)
  const reason = String(memberOf(partial, 'errorMessage') ?? 'no reason given').slice(0, 200)
  return { rejected: Math.max(0, rejected) || 0, reason }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** Seconds or a date, as milliseconds from now. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : new Date(header).getTime() - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

function silent(error: unknown): Answer {
  return { kind: 'silent', reason: messageOf(error) }
}

/** Of an attempt at several addresses of a name, the first error says most. */
function messageOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') {
    return 'it did not answer in time, though some may have arrived'
  }
  if (error instanceof AggregateError) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
