import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { Answer, Post } from './post.ts'

/** Makes the bytes of an export request. */
export type Encode = (spans: ReadableSpan[]) => Uint8Array | undefined

export interface OutboxOptions {
  readonly encode: Encode
  readonly post: Post
  /** For one request and its answer. */
  readonly timeoutMs: number
  /** Told why spans stay or are dropped, each time. */
  readonly onFailure: (reason: string) => void
}

interface Batch {
  readonly body: Uint8Array
  readonly spans: number
  attempt: Promise<Answer> | undefined
}

/** What waits for a receiver that does not answer: the newest batches, up to these bounds. */
const mostSpans = 4_096
const mostBytes = 32 * 1024 * 1024

/** Whatever a receiver asks for. */
const shortestPauseMs = 100
const firstPauseMs = 1_000
const longestPauseMs = 30_000

/** How long an end waits for a receiver that has never answered. */
const patienceMs = 700

/**
 * Takes batches of spans over from a processor and sends them: one after the other, a failed one again until it is
 * taken or newer ones need its place. Nothing here keeps a process alive but {@link drain}, for a bounded time.
 */
export class Outbox implements SpanExporter {
  readonly #options: OutboxOptions
  #waiting: Batch[] = []
  #delivered = 0
  #pauseMs = firstPauseMs
  #retry: ReturnType<typeof setTimeout> | undefined
  #isSending = false
  /** Whether the latest attempt that ended was answered, in whatever way. */
  #isLiving = false
  #reason: string | undefined
  /** Whether spans were dropped: their reason stays. */
  #hasLost = false
  /** Why a batch was dropped since the last flush. */
  #refusal: string | undefined
  readonly #running = new Set<AbortController>()

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** How many spans a receiver has taken. */
  get delivered(): number {
    return this.#delivered
  }

  /** Why spans wait or were lost, as far as an attempt told. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** Takes a batch over at once; what becomes of it is told by `onFailure`. */
  export(spans: ReadableSpan[], done: (result: { code: 0 }) => void): void {
    try {
      const body = this.#options.encode(spans)
      if (body) this.#add({ body, spans: spans.length, attempt: undefined })
    } catch (error) {
      this.#fail(`they cannot be written: ${String(error)}`)
    }
    done({ code: 0 })
    if (this.#retry === undefined) void this.#send()
  }

  /** Tries to send all that waits, once. Says why something was not taken, where it was not. */
  async flush(): Promise<string | undefined> {
    // Each attempt ends by itself before this; until then the process is held.
    const hold = setTimeout(() => undefined, 2 * this.#options.timeoutMs)
    const batches = [...this.#waiting]
    const answers = await Promise.all(batches.map((batch) => this.#attempt(batch)))
    clearTimeout(hold)
    const waiting = new Set(this.#waiting)
    const failed = answers.find((_answer, index) => {
      const batch = batches[index]
      return batch && waiting.has(batch)
    })
    const refusal = this.#refusal
    this.#refusal = undefined
    return failed?.reason ?? refusal
  }

  /**
   * Sends what waits before an end. Where nobody listens, or nobody who has ever answered does so in time, it gives up
   * within a second; it waits for a receiver that lives as long as one request may take.
   */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0) return
    const { timeoutMs } = this.#options
    let over: ReturnType<typeof setTimeout> | undefined
    const outOfPatience = new Promise<void>((resolve) => {
      over = setTimeout(
        () => {
          if (!this.#isLiving || timeoutMs <= patienceMs) return resolve()
          over = setTimeout(resolve, timeoutMs - patienceMs)
        },
        Math.min(patienceMs, timeoutMs),
      )
    })
    await Promise.race([this.#sendAll(), outOfPatience])
    clearTimeout(over)
    for (const attempt of this.#running) attempt.abort()
    await Promise.all(this.#waiting.map((batch) => batch.attempt))
  }

  async shutdown(): Promise<void> {
    await this.drain()
    clearTimeout(this.#retry)
    this.#waiting = []
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const answers = await Promise.all(this.#waiting.map((batch) => this.#attempt(batch)))
      const pauses = answers.flatMap((answer) =>
        answer.kind === 'busy' ? [Math.max(answer.afterMs ?? firstPauseMs, shortestPauseMs)] : [],
      )
      // Only somebody who lives is asked again.
      if (pauses.length === 0) return
      await new Promise((resolve) => setTimeout(resolve, Math.min(...pauses)).unref())
    }
  }

  /** Sends batch after batch until none is left or one must wait. */
  async #send(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    for (let batch = this.#waiting[0]; batch; batch = this.#waiting[0]) {
      const answer = await this.#attempt(batch)
      if (answer.kind === 'busy' || answer.kind === 'silent') {
        this.#sendLater(answer.kind === 'busy' ? answer.afterMs : undefined)
        break
      }
    }
    this.#isSending = false
  }

  #sendLater(afterMs: number | undefined): void {
    clearTimeout(this.#retry)
    const pause = Math.min(Math.max(afterMs ?? this.#pauseMs, shortestPauseMs), longestPauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      void this.#send()
    }, pause).unref()
  }

  /** The attempt that is under way, or a new one. */
  #attempt(batch: Batch): Promise<Answer> {
    batch.attempt ??= this.#post(batch).finally(() => {
      batch.attempt = undefined
    })
    return batch.attempt
  }

  async #post(batch: Batch): Promise<Answer> {
    const { post, timeoutMs } = this.#options
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs).unref()
    this.#running.add(controller)
    const answer = await post(batch.body, controller.signal)
    this.#running.delete(controller)
    clearTimeout(timer)
    this.#isLiving = answer.kind !== 'silent'
    if (answer.kind === 'taken') {
      const { rejected, reason } = answer
      this.#delivered += batch.spans - Math.min(rejected, batch.spans)
      this.#pauseMs = firstPauseMs
      if (rejected > 0) this.#fail(`it took all but ${rejected}: ${reason}`)
    } else {
      this.#fail(answer.reason)
      if (answer.kind === 'refused') this.#refusal = answer.reason
    }
    if (answer.kind === 'refused' || (answer.kind === 'taken' && answer.rejected > 0)) {
      this.#hasLost = true
    }
    if (answer.kind === 'taken' || answer.kind === 'refused') {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== batch)
      if (this.#waiting.length === 0 && !this.#hasLost) this.#reason = undefined
    }
    return answer
  }

  #fail(reason: string): void {
    this.#reason = reason
    this.#options.onFailure(reason)
  }

  #add(batch: Batch): void {
    this.#waiting.push(batch)
    let spans = 0
    let bytes = 0
    const newest = this.#waiting.toReversed().filter((waiting) => {
      spans += waiting.spans
      bytes += waiting.body.byteLength
      // What is being sent need not be kept twice.
      return waiting === batch || waiting.attempt || (spans <= mostSpans && bytes <= mostBytes)
    })
    if (newest.length === this.#waiting.length) return
    this.#waiting = newest.toReversed()
    this.#hasLost = true
  }
}
