import { context } from '@opentelemetry/api'
import { shownAddress } from '../address.ts'
import { raise } from '../errors.ts'
import { report, reportOnce } from '../report.ts'
import { silently } from '../tracing/tracer.ts'
import { fetchDocument } from './fetch-document.ts'
import { IssueOrder } from './issue-order.ts'
import { takeDocument } from './snapshot.ts'

/** Options of {@link pollParameters}. */
export interface PollOptions {
  /** URL of a parameters document. */
  readonly url: string
  /** Headers of each request, for example `authorization`. They are sent to the origin of `url` only. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Time between two requests, in milliseconds. Default 10,000. */
  readonly intervalMs?: number | undefined
  /** Time within which an answer has to be complete, redirects included, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined
}

const usualMs = 10_000
/** The longest time that a timer takes; it fires at once for a longer one. */
const longestMs = 2 ** 31 - 1

/**
 * Reads the values of parameters from a parameters document over HTTP, now and every `intervalMs` milliseconds. An
 * unchanged document is not transferred again (ETag).
 *
 * If the source cannot be reached or read, the last good values stay in use, and each reason is reported once until the source
 * is read again. So it is with a document that is too long, of another type, or older than one that was read before (its member
 * `issued` says so). This function does not throw for that.
 *
 * @returns A function that ends the polling. The promise resolves after the first answer, whether it could be used or not.
 *
 * @example const stop = await pollParameters({ url: 'http://localhost:4318/api/v1/parameters' })
 */
export async function pollParameters(options: PollOptions): Promise<() => void> {
  const { url, headers = {} } = options
  const timeoutMs = timeOf(options.timeoutMs)
  const intervalMs = timeOf(options.intervalMs)
  const order = new IssueOrder()
  /** What was reported since the source was read last. */
  const reported = new Set<string>()
  let etag: string | undefined
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const load = async (): Promise<void> => {
    const fetched = await fetchDocument({ url, headers, etag, timeoutMs })
    if (!fetched) return
    const { document } = fetched
    if (order.isOlder(document.issued)) {
      const what = `${shownAddress(url)} gave an older document than before, which is not used.`
      reportOnce('error', raise('T2_PARAMETERS_SOURCE', what))
      return
    }
    takeDocument(document)
    order.remember(document.issued)
    etag = fetched.etag
  }
  const poll = async (): Promise<void> => {
    try {
      await load()
      reported.clear()
    } catch (error) {
      const reason = messageOf(error).slice(0, longestReason)
      if (!reported.has(reason) && reported.size < mostReasons) {
        report('error', raise('T2_PARAMETERS_SOURCE', `${shownAddress(url)}: ${reason}.`))
      }
      reported.add(reason)
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

/** A source that fails in ever new ways is told of so often. */
const mostReasons = 10
/** A reason may quote what a stranger sent. */
const longestReason = 300

function timeOf(ms: number = usualMs): number {
  return Number.isNaN(ms) ? usualMs : Math.min(Math.max(ms, 1), longestMs)
}

/** `fetch` says only that it failed; why is in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
