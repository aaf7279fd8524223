import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import { compiledFile } from '../compiled.ts'
import { raise } from '../errors.ts'
import type { RunGraph } from '../graph/graph.ts'
import { remoteStore } from '../store/remote.ts'
import type { Store, WriteResult } from '../store/store.ts'
import type { ConsumerCounts } from './journal-consumer.ts'
import type { CallMethod, Reply, Request, SentError, WorkerStart } from './protocol.ts'

/** How far the worker has come with the journal. */
export interface WorkerProgress {
  readonly next: number
  readonly checkpointed: number
  readonly counts: ConsumerCounts
}

export interface StoreWorker {
  readonly store: Store
  /** Tells it that the journal has new entries. */
  wake(): void
  progress(): WorkerProgress
  checkpoint(): Promise<void>
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts the thread that owns the database and consumes the journal.
 *
 * @param journalNext number that the journal's next entry will have: a call sees what came before.
 * @throws {Trace2Error} what opening the database throws.
 */
export async function startStoreWorker(
  start: WorkerStart,
  journalNext: () => number,
  onProgress: (progress: WorkerProgress) => void,
): Promise<StoreWorker> {
  const worker = new Worker(compiledFile(import.meta.url, './store-worker-main.js'), {
    workerData: start,
    // Options of the process are for its own entry point.
    execArgv: [],
  })
  const pending = new Map<number, Pending>()
  let progress: WorkerProgress = { next: 1, checkpointed: 1, counts: noCounts }
  let calls = 0
  let ended: Error | undefined

  const end = (error: Error) => {
    ended ??= error
    for (const { reject } of pending.values()) reject(ended)
    pending.clear()
  }
  worker.on('error', end)
  worker.on('exit', () => end(raise('T2_STORE_CLOSED', 'The store is closed.')))

  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (reply: Reply) => {
      switch (reply.kind) {
        case 'ready':
          resolve()
          break
        case 'failed':
          reject(revived(reply.error))
          break
        case 'log':
          diag[reply.level](reply.message)
          break
        case 'progress':
          progress = reply
          onProgress(reply)
          break
        case 'result':
          pending.get(reply.id)?.resolve(reply.value)
          pending.delete(reply.id)
          break
        case 'error':
          pending.get(reply.id)?.reject(revived(reply.error))
          pending.delete(reply.id)
          break
      }
    })
    worker.once('error', reject)
  })

  const send = (request: Request) => worker.postMessage(request)
  const call = (method: CallMethod, args: readonly unknown[]): Promise<unknown> => {
    if (ended) return Promise.reject(ended)
    const id = calls++
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      send({ kind: 'call', id, method, args, after: journalNext() })
    })
  }

  await ready
  const close = async () => {
    if (ended) return
    const exited = once(worker, 'exit')
    await call('close', [])
    await exited
  }
  return {
    store: remoteStore(start.databasePath, {
      call,
      writeSpans: async (spans) => (await call('writeSpans', [spans])) as WriteResult,
      async *graphs(runs, options) {
        for (const run of runs) yield (await call('graph', [run, options])) as RunGraph
      },
      close,
    }),
    wake: () => send({ kind: 'wake' }),
    progress: () => progress,
    checkpoint: async () => {
      await call('checkpoint', [])
    },
  }
}

const noCounts: ConsumerCounts = {
  stored: 0,
  duplicates: 0,
  rejected: 0,
  damagedEntries: 0,
  failedWrites: 0,
  lastCommitMs: 0,
}

function revived({ code, message, remedy, status }: SentError): Trace2Error {
  return new Trace2Error(code, { remedy, status }, message)
}
