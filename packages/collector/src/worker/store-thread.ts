import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/core'
import { raise } from '../errors.ts'
import type { Incident } from '../incidents/incidents.ts'
import { collectGarbage } from '../memory/collect-garbage.ts'
import { startThread } from '../threads/start.ts'
import type { ConsumerCounts } from './journal-consumer.ts'
import type { CallMethod, Reply, Request, SentError, WorkerStart } from './protocol.ts'

/** How far the store has come with the journal. */
export interface WorkerProgress {
  readonly next: number
  readonly checkpointed: number
  /** Spans in the entries below that. */
  readonly checkpointedSpans: number
  readonly counts: ConsumerCounts
  /** Why the store could not be written the last few times; `undefined` when it can. */
  readonly failing: string | undefined
}

export interface ThreadEnd {
  readonly reason: string
  /** The database's file is the reason. */
  readonly damaged: boolean
}

/** One thread that has the database open, until it ends. */
export interface StoreThread {
  /**
   * @param after the call sees everything that was acknowledged below this number of the journal.
   * @param signal tells the thread that nobody waits for the answer any more.
   */
  call(
    method: CallMethod,
    args: readonly unknown[],
    after: number,
    signal?: AbortSignal,
  ): Promise<unknown>
  /** Tells it that the journal has new entries. */
  wake(): void
  /** Why it is about to end; `undefined` where it is not. */
  readonly leaving: () => string | undefined
  /** Resolves when the thread is gone, and the database with it closed. */
  readonly ended: Promise<ThreadEnd>
}

/** Is told what happens in a thread. */
export interface WorkerWatcher {
  onProgress(progress: WorkerProgress): void
  /** The files of the database or the journal are not as they should be. */
  onIncident(incident: Incident): void
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts a thread that opens the database and consumes the journal.
 *
 * @throws {Trace2Error} what opening the database throws.
 */
export async function startStoreThread(
  start: WorkerStart,
  { onProgress, onIncident }: WorkerWatcher,
): Promise<StoreThread> {
  const worker = await startThread('store', { workerData: start })
  const pending = new Map<number, Pending>()
  let calls = 0
  let end: ThreadEnd | undefined

  const settle = ({ id, settled }: { id: number; settled: (call: Pending) => void }) => {
    const call = pending.get(id)
    pending.delete(id)
    if (call) settled(call)
  }
  const ended = new Promise<ThreadEnd>((resolve) => {
    worker.on('error', (error) => {
      end ??= { reason: wordsOf(error), damaged: false }
    })
    worker.once('exit', (code) => {
      end ??= { reason: `it has left with code ${code}`, damaged: false }
      const error = raise('T2_STORE_RESTARTING', `The store's thread has ended: ${end.reason}.`)
      for (const { reject } of pending.values()) reject(error)
      pending.clear()
      resolve(end)
    })
  })

  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (reply: Reply) => {
      switch (reply.kind) {
        case 'ready':
          resolve()
          break
        case 'failed':
          reject(revived(reply.error))
          break
        case 'ended':
          end = { reason: reply.reason, damaged: reply.damaged }
          break
        case 'log':
          diag[reply.level](reply.message)
          break
        case 'rest':
          collectGarbage()
          break
        case 'incident':
          onIncident(reply.incident)
          break
        case 'progress':
          onProgress(reply)
          break
        case 'result':
          settle({ id: reply.id, settled: ({ resolve: done }) => done(reply.value) })
          break
        case 'error':
          settle({ id: reply.id, settled: (call) => call.reject(revived(reply.error)) })
          break
      }
    })
    worker.once('exit', () => reject(raise('T2_STORE_RESTARTING', 'The store could not start.')))
  })
  await ready

  const send = (request: Request) => worker.postMessage(request)
  return {
    call: (method, args, after, signal) => {
      if (end) return Promise.reject(raise('T2_STORE_RESTARTING', `${end.reason}.`))
      const id = calls++
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        send({ kind: 'call', id, method, args, after })
        const abort = () => send({ kind: 'abort', id })
        signal?.addEventListener('abort', abort, { once: true })
        if (signal?.aborted) abort()
      })
    },
    wake: () => send({ kind: 'wake' }),
    leaving: () => end?.reason,
    ended,
  }
}

function revived({ code, message, remedy, status }: SentError): Trace2Error {
  return new Trace2Error(code, { remedy, status }, message)
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
