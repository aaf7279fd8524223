import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import { unanswered } from './connections.ts'
import type { Answer, Sender } from './sender.ts'

export interface OutboxOptions {
  readonly sender: Sender
  /** For one request and its answer. */
  readonly timeoutMs: number
  /** Told why spans stay or are dropped, each time. */
  readonly onFailure: (reason: string) => void
}

interface Batch {
  readonly spans: ReadableSpan[]
  attempt: Promise<Answer> | undefined
}

/** Spans that wait for a receiver that does not answer: the newest. Each is bounded by what is recorded of a call. */
const mostSpans = 4_096
/** In one request, as in a batch of the SDK. */
const mostSpansAtOnce = 512

const firstPauseMs = 1_000
const longestPauseMs = 30_000

/** How long an end waits for a receiver that has never answered. */
const patienceMs = 700

/**
 * Takes batches of spans over from a processor and has them sent: one after the other, a failed one again until it is
 * taken or newer ones need its place. Nothing here keeps a process alive but {@link flush} and {@link drain}, for a
 * bounded time. While the exporter waits to ask a busy receiver again, it holds a process that has nothing else to do,
 * up to the time of one request.
 */
export class Outbox implements SpanExporter {
  readonly #options: OutboxOptions
  #waiting: Batch[] = []
  #delivered = 0
  #pauseMs = firstPauseMs
  #retry: ReturnType<typeof setTimeout> | undefined
  #isSending = false
  #reason: string | undefined
  /** Spans that were dropped, by why. */
  readonly #lost = new Map<string, number>()
  /** Why a batch was dropped since the last flush. */
  #refusal: string | undefined
  /** Of the processor: requests that are made in it are not traced. */
  #context = ROOT_CONTEXT
  /** What ends the wait for the answers that are still out. */
  readonly #running = new Set<() => void>()

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** How many spans a receiver has taken. */
  get delivered(): number {
    return this.#delivered
  }

  /** Why spans wait, as far as an attempt told; `undefined` once all are taken. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** How many spans were not delivered, by why; those that still wait would be lost for the last reason. */
  get undelivered(): ReadonlyMap<string, number> {
    const all = new Map(this.#lost)
    const waiting = spanCount(this.#waiting)
    if (this.#reason !== undefined && waiting > 0) add(all, this.#reason, waiting)
    return all
  }

  /** Takes a batch over at once; what becomes of it is told by `onFailure`. */
  export(spans: ReadableSpan[], done: (result: { code: 0 }) => void): void {
    this.#context = context.active()
    this.#add(spans)
    done({ code: 0 })
    if (this.#retry === undefined) void this.#send()
  }

  /** Tries to send all that waits, once. Says why something was not taken, where it was not. */
  async flush(): Promise<string | undefined> {
    // Each attempt ends by itself; until then the process is held.
    const hold = setInterval(() => undefined, 60_000)
    const batches = [...this.#waiting]
    const answers = await Promise.all(batches.map((batch) => this.#attempt(batch)))
    clearInterval(hold)
    const refusal = this.#refusal
    this.#refusal = undefined
    return answers.flatMap((answer) => (isLeft(answer) ? [answer.reason] : []))[0] ?? refusal
  }

  /**
   * Sends what waits before an end. Where nobody listens, or nobody who has ever answered does so in time, it gives up
   * within a second; it waits for a receiver that lives as long as one request may take.
   */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0) return
    const { timeoutMs, sender } = this.#options
    const attempts = Promise.all(this.#waiting.map((batch) => this.#attempt(batch)))
    let over: ReturnType<typeof setTimeout> | undefined
    const outOfPatience = new Promise<void>((resolve) => {
      over = setTimeout(
        () => {
          if (!sender.isLiving() || timeoutMs <= patienceMs) return resolve()
          over = setTimeout(resolve, timeoutMs - patienceMs)
        },
        Math.min(patienceMs, timeoutMs),
      )
    })
    await Promise.race([attempts, outOfPatience])
    clearTimeout(over)
    for (const giveUp of this.#running) giveUp()
    sender.giveUp()
    await attempts
  }

  async shutdown(): Promise<void> {
    await this.drain()
    clearTimeout(this.#retry)
    const left = spanCount(this.#waiting)
    if (left > 0) add(this.#lost, this.#reason ?? unanswered, left)
    this.#waiting = []
  }

  /** Sends batch after batch until none is left or one must wait. */
  async #send(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    for (let batch = this.#waiting[0]; batch; batch = this.#waiting[0]) {
      if (isLeft(await this.#attempt(batch))) {
        this.#sendLater()
        break
      }
    }
    this.#isSending = false
  }

  #sendLater(): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      void this.#send()
    }, this.#pauseMs).unref()
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  /** The attempt that is under way, or a new one. */
  #attempt(batch: Batch): Promise<Answer> {
    batch.attempt ??= this.#post(batch).finally(() => {
      batch.attempt = undefined
    })
    return batch.attempt
  }

  async #post(batch: Batch): Promise<Answer> {
    const { spans } = batch
    const answer = await this.#answerTo(spans)
    if (answer.kind === 'taken') {
      this.#delivered += spans.length
      this.#pauseMs = firstPauseMs
    } else {
      this.#fail(answer.reason)
    }
    if (answer.kind === 'refused') {
      this.#refusal = answer.reason
      add(this.#lost, answer.reason, spans.length)
    }
    if (!isLeft(answer)) {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== batch)
      if (this.#waiting.length === 0) this.#reason = undefined
    }
    return answer
  }

  /** The answer to one request, or `silent` where an end gives up or an answer trickles in without end. */
  #answerTo(spans: ReadableSpan[]): Promise<Answer> {
    const { sender, timeoutMs } = this.#options
    return new Promise((resolve) => {
      const settle = (answer: Answer) => {
        clearTimeout(late)
        this.#running.delete(giveUp)
        resolve(answer)
      }
      const giveUp = () => settle({ kind: 'silent', reason: unanswered })
      const late = setTimeout(giveUp, 2 * timeoutMs).unref()
      this.#running.add(giveUp)
      void context.with(this.#context, () => sender.send(spans)).then(settle)
    })
  }

  #fail(reason: string): void {
    this.#reason = reason
    this.#options.onFailure(reason)
  }

  #add(spans: ReadableSpan[]): void {
    const last = this.#waiting.at(-1)
    if (last && !last.attempt && last.spans.length + spans.length <= mostSpansAtOnce) {
      last.spans.push(...spans)
    } else {
      this.#waiting.push({ spans: [...spans], attempt: undefined })
    }
    let room = mostSpans
    const newest = this.#waiting.toReversed().filter((waiting) => {
      room -= waiting.spans.length
      // What is being sent need not be kept twice.
      return waiting.attempt || room >= 0
    })
    if (newest.length === this.#waiting.length) return
    const before = spanCount(this.#waiting)
    this.#waiting = newest.toReversed()
    const dropped = before - spanCount(this.#waiting)
    add(this.#lost, this.#reason ?? 'newer ones needed their place', dropped)
  }
}

function spanCount(batches: readonly Batch[]): number {
  return batches.reduce((sum, { spans }) => sum + spans.length, 0)
}

/** Reasons may hold words of a receiver: no more than a few different ones are told. */
const mostReasons = 8

function add(counts: Map<string, number>, reason: string, spans: number): void {
  const key = counts.has(reason) || counts.size < mostReasons ? reason : 'other reasons'
  counts.set(key, (counts.get(key) ?? 0) + spans)
}

/** Whether the spans still wait. */
function isLeft(answer: Answer): answer is Answer & { kind: 'busy' | 'silent' } {
  return answer.kind === 'busy' || answer.kind === 'silent'
}
