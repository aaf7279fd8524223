import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { diag } from '@opentelemetry/api'
import { counted, sha256 } from '@trace2/core'
import type { OtlpEncoding, Signal } from '@trace2/store/otlp'
import { splitRequest, transcode } from '@trace2/store/otlp'
import type { JournalEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { type Delivery, deliver, type Outgoing } from './deliver.ts'
import { feedbackDialect } from './feedback/dialect.ts'
import { feedbackRequest } from './feedback/request.ts'
import { Refusals, type Refused } from './refusals.ts'
import { addressOf, type ForwardTarget, shownAddress } from './target.ts'

/** What became of the requests for one target since the start. */
export interface ForwardCounts {
  /** Requests that the target took; a request that was too large counts once for each of its parts. */
  delivered: number
  /** Of these, pieces of feedback that were given to the store. */
  feedback: number
  retries: number
  /** Requests that the target refused for good, kept for inspection. */
  refused: number
  /** Spans and log records that the target did not take from requests that it took. */
  rejected: number
  /** Fields that the target's encoding cannot carry. */
  lostFields: number
  /** Requests given up because the journal had no more room for a target that does not answer. */
  abandoned: number
}

/** However little patience a target asks for. */
const SHORTEST_WAIT_MS = 50
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 60_000
/** A target may ask for more patience than we have ourselves, but not for eternity. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000

/** Sends a journal's entries to one target, in order, at least once, from where it was before the last restart. */
export class Forwarder {
  readonly counts: ForwardCounts = {
    delivered: 0,
    feedback: 0,
    retries: 0,
    refused: 0,
    rejected: 0,
    lostFields: 0,
    abandoned: 0,
  }
  /** The target's address without credentials. */
  readonly address: string
  readonly #journal: Journal
  readonly #target: ForwardTarget
  readonly #refusals: Refusals
  readonly #consumer: string
  readonly #stop = new AbortController()
  #next: number
  #saving: Promise<void> | undefined
  #running: Promise<void> | undefined
  #wanted = false
  #answers = true
  #toldRefusal = ''

  /** @param directory where refused requests are kept. */
  constructor(journal: Journal, target: ForwardTarget, directory: string) {
    this.#journal = journal
    this.#target = target
    this.address = shownAddress(target.url)
    this.#consumer = `forward:${target.url}`
    this.#refusals = new Refusals(join(directory, sha256(target.url).slice(0, 12)))
    this.#next = journal.offset(this.#consumer)
  }

  /** Number of the first entry that is not delivered. */
  get next(): number {
    return this.#next
  }

  wake(): void {
    this.#wanted = true
    if (this.#stop.signal.aborted) return
    this.#running ??= this.#run()
      .catch((error: unknown) => diag.error(`Forwarding to ${this.address}: ${String(error)}`))
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Gives up what lies below a number: the journal needs the room. */
  async abandonBelow(number: number): Promise<void> {
    if (this.#next >= number) return
    const lost = number - this.#next
    this.counts.abandoned += lost
    this.#next = number
    await this.#journal.setOffset(this.#consumer, number)
    diag.error(
      `${counted(lost, 'request')} for ${this.address} ${lost === 1 ? 'was' : 'were'} given up: the journal is full.`,
    )
  }

  /** Counts a piece of feedback that the journal did not take. */
  lostFeedback(): void {
    if (this.wantsFeedback) this.counts.abandoned++
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#saving
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#stop.signal.aborted) {
      this.#wanted = false
      for (const { number, entry } of this.#journal.read(this.#next)) {
        if (number < this.#next) continue
        if (entry && this.#wants(entry) && !(await this.#forward(number, entry))) return
        this.#next = Math.max(this.#next, number + 1)
        this.#saving ??= this.#save()
      }
    }
  }

  /**
   * Writes down how far it is, while it goes on: waiting for the disk after each request would take most of the time.
   * What was delivered in between is delivered again after a crash.
   */
  async #save(): Promise<void> {
    try {
      for (let saved = 0; saved < this.#next; ) {
        saved = this.#next
        await this.#journal.setOffset(this.#consumer, saved)
      }
    } catch (error) {
      diag.error(`How far ${this.address} is cannot be written down: ${String(error)}`)
    } finally {
      this.#saving = undefined
    }
  }

  /** Whether the target is told of feedback that was given to the store. */
  get wantsFeedback(): boolean {
    return feedbackDialect(this.#target) !== 'none'
  }

  #wants({ signal }: JournalEntry): boolean {
    if (signal === 'feedback') return this.wantsFeedback
    return this.#target.signals?.includes(signal) ?? true
  }

  /** `false` where it was stopped before the target took it. */
  async #forward(number: number, { signal, encoding, body }: JournalEntry): Promise<boolean> {
    // The journal's bytes are valid until its next read.
    const own = Uint8Array.from(body)
    let outgoing: Outgoing
    try {
      outgoing =
        signal === 'feedback'
          ? feedbackRequest(this.#target, own)
          : this.#request(signal, encoding, own)
    } catch (error) {
      await this.#refuse(number, '', { signal, encoding, body: own }, String(error))
      return true
    }
    return this.#send(number, outgoing)
  }

  #request(signal: Signal, from: OtlpEncoding, own: Uint8Array): Outgoing {
    const { url, encoding: wanted = 'as-sent' } = this.#target
    const encoding = wanted === 'as-sent' ? from : wanted
    const { body, lost } = transcode(signal, own, from, encoding)
    this.counts.lostFields += lost
    return { signal, address: addressOf(url, signal), packable: true, encoding, body }
  }

  /** @param part which part of the request it is: `-1` of two, `-1-2` of four. */
  async #send(number: number, outgoing: Outgoing, part = ''): Promise<boolean> {
    const delivery = await this.#attempts(number, outgoing)
    if (delivery?.outcome === 'delivered') {
      this.counts.delivered++
      if (outgoing.signal === 'feedback') this.counts.feedback++
      this.#tellPartial(delivery)
      return true
    }
    if (!delivery) return number < this.#next
    const { signal, encoding, body } = outgoing
    const halves =
      delivery.outcome === 'too-large' && signal !== 'feedback'
        ? splitRequest(signal, encoding, body)
        : undefined
    if (!halves) {
      await this.#refuse(number, part, outgoing, delivery.reason)
      return true
    }
    for (const [i, half] of halves.entries()) {
      if (!(await this.#send(number, { ...outgoing, body: half }, `${part}-${i + 1}`))) return false
    }
    return true
  }

  /** Tries until the target has decided; `undefined` where it was stopped, or the entry given up, before. */
  async #attempts(
    number: number,
    outgoing: Outgoing,
  ): Promise<Exclude<Delivery, { outcome: 'retry' }> | undefined> {
    for (let wait = FIRST_WAIT_MS; !this.#stop.signal.aborted; wait *= 2) {
      if (number < this.#next) return undefined
      const delivery = await deliver(this.#target, outgoing, this.#stop.signal)
      if (this.#stop.signal.aborted && delivery.outcome === 'retry') return undefined
      this.#tellIfChanged(delivery)
      if (delivery.outcome !== 'retry') return delivery
      this.counts.retries++
      const own = Math.min(wait, LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.4)
      const asked = delivery.afterMs ?? own
      const pause = Math.min(Math.max(asked, SHORTEST_WAIT_MS), LONGEST_RETRY_AFTER_MS)
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
    return undefined
  }

  /** Once when it stops answering, once when it answers again. */
  #tellIfChanged(delivery: Delivery): void {
    const answers = delivery.outcome !== 'retry'
    if (answers === this.#answers) return
    this.#answers = answers
    if (delivery.outcome === 'retry') {
      diag.warn(`${this.address} takes no requests and is tried again: ${delivery.reason}`)
    } else diag.info(`${this.address} takes requests again.`)
  }

  #tellPartial({ partial }: Extract<Delivery, { outcome: 'delivered' }>): void {
    if (!partial) return
    this.counts.rejected += partial.rejected
    diag.warn(`${this.address} did not take ${partial.rejected} of a request: ${partial.message}`)
  }

  async #refuse(number: number, part: string, outgoing: Refused, reason: string): Promise<void> {
    this.counts.refused++
    if (reason !== this.#toldRefusal) {
      diag.error(`${this.address} refused request ${number}${part}: ${reason}`)
    }
    this.#toldRefusal = reason
    // Files sort in the order of the requests.
    const name = `${String(number).padStart(12, '0')}${part}`
    try {
      await this.#refusals.keep(name, outgoing, reason)
    } catch (error) {
      diag.error(`Request ${number} could not be kept for inspection: ${String(error)}`)
    }
  }
}
