import type { SpanRecord } from '@trace2/store/otlp'
import type { TrialRun, TrialTask } from '../agent.ts'

/** Most bytes of requests that are kept for one trial. */
const mostBytes = 64 * 1024 * 1024

/** The spans that have come in for one trial. */
export class Inbox {
  readonly task: TrialTask
  readonly #spans: SpanRecord[] = []
  #bytes = 0
  #left = 0
  #ofOtherTraces = 0

  constructor(task: TrialTask) {
    this.task = task
  }

  /** Whether the span came in that continues the trial's own. */
  get hasRoot(): boolean {
    return this.#spans.some((span) => span.parentSpanId === this.task.spanId)
  }

  /** Takes spans of one request; `bytes` is what they are of it. */
  add(spans: readonly SpanRecord[], bytes: number): void {
    if (this.#bytes + bytes > mostBytes) {
      this.#left += spans.length
      return
    }
    this.#bytes += bytes
    for (const span of spans) {
      if (span.traceId !== this.task.traceId) this.#ofOtherTraces++
      this.#spans.push(span)
    }
  }

  get received(): Pick<TrialRun, 'spans' | 'incomplete'> {
    return { spans: [...this.#spans], incomplete: this.#incomplete }
  }

  get #incomplete(): string | null {
    if (this.#left > 0) return `${this.#left} spans beyond ${mostBytes} bytes were left out`
    if (this.#ofOtherTraces === 0) return null
    return `${this.#ofOtherTraces} of its ${this.#spans.length} spans are of other traces: the agent does not continue TRACEPARENT`
  }
}
