import { type ErrorEntry, printable, Trace2Error } from '@trace2/core'
import { apiPath } from './api.ts'
import { raise, storeErrors } from './errors.ts'
import type { RunGraph } from './graph/graph.ts'
import { encodeLogs, encodeTraces } from './otlp/index.ts'
import { remoteStore } from './remote.ts'
import type { LogWriteResult, Store, WriteResult } from './store.ts'

export interface ClientOptions {
  /** Bearer token that the collector asks for. */
  readonly token?: string
}

/** The store of a collector, over its HTTP API. */
export function openClient(url: string, options: ClientOptions = {}): Store {
  const base = url.replace(/\/+$/, '')
  const post = (
    path: string,
    type: string,
    body: string | Uint8Array,
    signal?: AbortSignal,
  ): Promise<Response> => request(base, path, type, body, { ...options, signal })
  return remoteStore(base, {
    async call(method, args, signal) {
      const asked = JSON.stringify(args)
      return jsonOf(await post(apiPath(method), 'application/json', asked, signal))
    },
    async writeSpans(spans) {
      const response = await post(
        apiPath('writeSpans'),
        'application/x-protobuf',
        encodeTraces(spans),
      )
      return (await jsonOf(response)) as WriteResult
    },
    async writeLogs(records) {
      const response = await post(apiPath('writeLogs'), 'application/json', encodeLogs(records))
      return (await jsonOf(response)) as LogWriteResult
    },
    async *graphs(...args) {
      const response = await post(apiPath('graphs'), 'application/json', JSON.stringify(args))
      for await (const line of linesOf(response)) yield graphOf(line)
    },
    close: async () => undefined,
  })
}

async function request(
  base: string,
  path: string,
  type: string,
  body: string | Uint8Array,
  { token, signal }: ClientOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': type }
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  let response: Response
  try {
    const payload = typeof body === 'string' ? body : Buffer.from(body)
    response = await fetch(base + path, {
      method: 'POST',
      headers,
      body: payload,
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw raise('T2_SQL_ENDED', 'The query was ended.', { cause: error })
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const words = reason instanceof Error ? reason.message : String(reason)
    throw raise('T2_COLLECTOR_UNREACHABLE', `No collector answers at ${base}: ${words}.`, {
      cause: error,
    })
  }
  if (!response.ok) throw errorOf(await jsonOf(response), response.status)
  return response
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (error) {
    const what = `${response.url} answered ${response.status} without JSON${saidIn(text)}.`
    throw raise('T2_COLLECTOR_ANSWER', what, { cause: error })
  }
}

const LONGEST_QUOTE = 200

/** What stands where a collector should, in its own words: their beginning, on one line. */
function saidIn(body: string): string {
  const words = body
    .slice(0, 20 * LONGEST_QUOTE)
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '') return ''
  const more = words.length > LONGEST_QUOTE ? '…' : ''
  return `: "${printable(words.slice(0, LONGEST_QUOTE).toWellFormed())}${more}"`
}

/** The collector's own error, as if it had been thrown here. */
function errorOf(body: unknown, status: number): Trace2Error {
  const code = textMember(body, 'code')
  const message = textMember(body, 'message')
  const remedy = textMember(body, 'remedy')
  if (!code || !message) {
    const said = saidIn(JSON.stringify(body) ?? '')
    return raise('T2_COLLECTOR_ANSWER', `The collector answered ${status}${said}.`)
  }
  const entries: Readonly<Record<string, ErrorEntry>> = storeErrors
  return new Trace2Error(code, entries[code] ?? { status, remedy: remedy ?? '' }, message)
}

function textMember(body: unknown, key: string): string | undefined {
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined
  return typeof value === 'string' ? value : undefined
}

async function* linesOf(response: Response): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

function graphOf(line: string): RunGraph {
  const parsed: { graph?: RunGraph; error?: unknown } = JSON.parse(line)
  if (!parsed.graph) throw errorOf(parsed.error, 500)
  return parsed.graph
}
