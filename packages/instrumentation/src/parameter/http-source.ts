import { context } from '@opentelemetry/api'
import { readAnswer } from '@trace2/core'
import { shownAddress } from '../address.ts'
import { raise } from '../errors.ts'
import { report } from '../report.ts'
import { silently } from '../tracing/tracer.ts'
import { takeDocument } from './snapshot.ts'

/** Options of {@link pollParameters}. */
export interface PollOptions {
  /** URL of a parameters document. */
  readonly url: string
  /** Headers of each request, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Time between two requests, in milliseconds. Default 10,000. */
  readonly intervalMs?: number | undefined
}

const timeoutMs = 10_000

/**
 * Reads the values of parameters from a parameters document over HTTP, now and every `intervalMs` milliseconds. An
 * unchanged document is not transferred again (ETag).
 *
 * If the source cannot be reached or read, the last good values stay in use and one warning is reported. This function does
 * not throw for that.
 *
 * @returns A function that ends the polling. The promise resolves after the first answer, whether it could be used or not.
 *
 * @example const stop = await pollParameters({ url: 'http://localhost:4318/api/v1/parameters' })
 */
export async function pollParameters(options: PollOptions): Promise<() => void> {
  const { url, headers = {}, intervalMs = 10_000 } = options
  let etag: string | undefined
  let failing = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const poll = async (): Promise<void> => {
    try {
      etag = (await load(url, headers, etag)) ?? etag
      failing = false
    } catch (error) {
      if (!failing)
        report('error', raise('T2_PARAMETERS_SOURCE', `${shownAddress(url)}: ${messageOf(error)}.`))
      failing = true
    }
    if (stopped) return
    timer = setTimeout(poll, intervalMs)
    // Only some runtimes have timers that can let the process end; in a browser, a timer is a number.
    if (typeof timer === 'object') timer.unref()
  }
  await context.with(silently(context.active()), poll)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

/** Returns the ETag of the values that were set; `undefined` where nothing changed. */
async function load(
  url: string,
  headers: Readonly<Record<string, string>>,
  etag: string | undefined,
): Promise<string | undefined> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...headers, ...(etag ? { 'if-none-match': etag } : {}) },
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.status === 304) return undefined
  if (!response.ok) throw new Error(`HTTP status ${response.status}`)
  takeDocument(await readAnswer(response))
  return response.headers.get('etag') ?? undefined
}

/** `fetch` says only that it failed; why is in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
