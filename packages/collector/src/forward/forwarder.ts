import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { diag } from '@opentelemetry/api'
import { sha256 } from '@trace2/instrumentation/semconv'
import type { JournalEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { deliver, type ForwardTarget } from './target.ts'

export interface ForwardCounts {
  delivered: number
  retries: number
  /** Requests that the target refused for good, kept for inspection. */
  refused: number
  /** Requests given up because the journal had no more room for a target that does not answer. */
  abandoned: number
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 60_000
const KEPT_REFUSALS = 1000

/** Sends a journal's entries to one target, in order, at least once, from where it was before the last restart. */
export class Forwarder {
  readonly counts: ForwardCounts = { delivered: 0, retries: 0, refused: 0, abandoned: 0 }
  readonly #journal: Journal
  readonly #target: ForwardTarget
  readonly #refusals: string
  readonly #consumer: string
  readonly #stop = new AbortController()
  #next: number
  #running: Promise<void> | undefined
  #wanted = false

  /** @param directory where refused requests are kept. */
  constructor(journal: Journal, target: ForwardTarget, directory: string) {
    this.#journal = journal
    this.#target = target
    this.#consumer = `forward:${target.url}`
    this.#refusals = join(directory, sha256(target.url).slice(0, 12))
    this.#next = journal.offset(this.#consumer)
  }

  get url(): string {
    return this.#target.url
  }

  /** Number of the first entry that is not delivered. */
  get next(): number {
    return this.#next
  }

  wake(): void {
    this.#wanted = true
    if (this.#stop.signal.aborted) return
    this.#running ??= this.#run().finally(() => {
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
    diag.error(`${lost} requests for ${this.#target.url} were given up: the journal is full.`)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#stop.signal.aborted) {
      this.#wanted = false
      for (const { number, entry } of this.#journal.read(this.#next)) {
        if (number < this.#next) continue
        if (entry && !(await this.#send(number, entry))) return
        this.#next = Math.max(this.#next, number + 1)
        await this.#journal.setOffset(this.#consumer, this.#next)
      }
    }
  }

  /** `false` where it was stopped before the target took it. */
  async #send(number: number, entry: JournalEntry): Promise<boolean> {
    // The journal's bytes are valid until its next read.
    const own = { ...entry, body: Uint8Array.from(entry.body) }
    for (
      let wait = FIRST_WAIT_MS;
      !this.#stop.signal.aborted;
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    ) {
      if (number < this.#next) return true
      const delivery = await deliver(this.#target, own, this.#stop.signal)
      if (delivery.outcome === 'delivered') {
        this.counts.delivered++
        return true
      }
      if (delivery.outcome === 'refused') {
        await this.#keep(number, own, delivery.reason)
        return true
      }
      this.counts.retries++
      diag.debug(`${this.#target.url} does not take requests (${delivery.reason}).`)
      const pause = Math.min(
        delivery.afterMs ?? wait * (0.8 + Math.random() * 0.4),
        LONGEST_WAIT_MS,
      )
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
    return false
  }

  async #keep(number: number, entry: JournalEntry, reason: string): Promise<void> {
    this.counts.refused++
    diag.error(`${this.#target.url} refused request ${number}: ${reason}.`)
    if (this.counts.refused > KEPT_REFUSALS) return
    await mkdir(this.#refusals, { recursive: true })
    const file = `${number}.${entry.signal}.${entry.encoding === 'json' ? 'json' : 'pb'}`
    await writeFile(join(this.#refusals, file), entry.body)
  }
}
