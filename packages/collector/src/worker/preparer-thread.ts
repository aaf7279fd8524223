import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Prepared, Settled } from '@trace2/store/engines'
import type { LogRecord, SpanRecord } from '@trace2/store/otlp'
import { raise } from '../errors.ts'
import { startThread } from '../threads/start.ts'
import type { EntriesPreparer, EntryRequest, PreparedEntries } from './entry-preparer.ts'
import type { PreparerReply, PreparerRequest, PreparerStart } from './preparer-protocol.ts'

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
  #calls = 0

  static async start(workerData: PreparerStart): Promise<PreparerThread> {
    // Decoding makes little that lives long; with the default of 48 more of it is taken for that.
    const resourceLimits = { maxYoungGenerationSizeMb: 96 }
    return new PreparerThread(await startThread('preparer', { workerData, resourceLimits }))
  }

  private constructor(worker: Worker) {
    this.#worker = worker
    this.#worker.on('message', (reply: PreparerReply) => {
      const waiting = this.#waiting.get(reply.call)
      this.#waiting.delete(reply.call)
      if ('error' in reply) waiting?.reject(reply.error)
      else waiting?.resolve(reply.value)
    })
    this.#worker.once('exit', () => {
      const error = raise('T2_STORE_RESTARTING', 'The thread that decodes has ended.')
      for (const { reject } of this.#waiting.values()) reject(error)
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

  async close(): Promise<void> {
    const ended = once(this.#worker, 'exit')
    this.#send({ kind: 'close' })
    await ended
  }

  #send(request: PreparerRequest): void {
    this.#worker.postMessage(request)
  }

  #call<T>(request: (call: number) => PreparerRequest): Promise<T> {
    const call = this.#calls++
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject })
      this.#send(request(call))
    })
  }
}
