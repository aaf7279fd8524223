import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Prepared, Settled } from '@trace2/store/engines'
import type { LogRecord, SpanRecord } from '@trace2/store/otlp'
import { raise } from '../errors.ts'
import { startThread } from '../threads/start.ts'
import type { EntriesPreparer, EntryRequest, PreparedEntries } from './entry-preparer.ts'
import type { PreparerReply, PreparerRequest, PreparerStart } from './preparer-protocol.ts'
import { ReadingMark, readingMemory } from './reading-mark.ts'
import { type ReadingLimit, watchReading } from './reading-watch.ts'

const MEBIBYTE = 1024 * 1024

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Prepares what a journal has in a thread of its own. Should that thread end, so must its owner's: what is prepared
 * counts on what it knew. Its `error` is therefore not listened to here.
 */
export class PreparerThread implements EntriesPreparer {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #endWatch: () => void
  #calls = 0
  #ended = false

  /** @param limit whoever is told of a reading that takes too long is to {@link terminate} this. */
  static async start(
    start: Omit<PreparerStart, 'reading'>,
    limit: ReadingLimit,
  ): Promise<PreparerThread> {
    // Decoding makes little that lives long; the more room it has, the less of it is taken for that.
    const resourceLimits = { maxYoungGenerationSizeMb: Math.ceil(start.shares.young / MEBIBYTE) }
    const reading = readingMemory()
    const workerData: PreparerStart = { ...start, reading }
    const worker = await startThread('preparer', { workerData, resourceLimits })
    return new PreparerThread(worker, watchReading(new ReadingMark(reading), limit))
  }

  private constructor(worker: Worker, endWatch: () => void) {
    this.#worker = worker
    this.#endWatch = endWatch
    this.#worker.on('message', (reply: PreparerReply) => {
      const waiting = this.#waiting.get(reply.call)
      this.#waiting.delete(reply.call)
      if ('error' in reply) waiting?.reject(reply.error)
      else waiting?.resolve(reply.value)
    })
    this.#worker.once('exit', () => {
      this.#ended = true
      this.#endWatch()
      for (const { reject } of this.#waiting.values()) reject(hasEnded())
      this.#waiting.clear()
    })
  }

  entries(request: EntryRequest): Promise<PreparedEntries | undefined> {
    return this.#call((call) => ({ kind: 'entries', call, ...request }))
  }

  records(
    spans: readonly SpanRecord[],
    logs: readonly LogRecord[],
    receivedNs: bigint,
  ): Promise<Prepared> {
    return this.#call((call) => ({ kind: 'records', call, spans, logs, receivedNs }))
  }

  settle(settled: Settled, committed: boolean): void {
    this.#send({ kind: 'settle', settled, committed })
  }

  /** Gives back the memory that it keeps for what may come. */
  async rest(): Promise<void> {
    await this.#call((call) => ({ kind: 'rest', call }))
  }

  async close(): Promise<void> {
    const ended = once(this.#worker, 'exit')
    this.#send({ kind: 'close' })
    await ended
  }

  /** Ends it in the middle of what it reads. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #send(request: PreparerRequest): void {
    this.#worker.postMessage(request)
  }

  #call<T>(request: (call: number) => PreparerRequest): Promise<T> {
    if (this.#ended) return Promise.reject(hasEnded())
    const call = this.#calls++
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject })
      this.#send(request(call))
    })
  }
}

function hasEnded(): Error {
  return raise('T2_STORE_RESTARTING', 'The thread that decodes has ended.')
}
