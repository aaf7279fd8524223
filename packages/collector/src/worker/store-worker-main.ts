// The thread that owns the database: it consumes the journal and answers the store's interface, so that neither
// long appends nor queries hold up the thread that answers senders.

import { setTimeout } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api'
import { counted, type Trace2Error } from '@trace2/core'
import { callInterruptible, isInterruptible } from '@trace2/store'
import { engineFor, storeOf } from '@trace2/store/engines'
import { raise } from '../errors.ts'
import type { Incident } from '../incidents/incidents.ts'
import { Journal } from '../journal/journal.ts'
import { collectGarbage } from '../memory/collect-garbage.ts'
import { Pause } from '../memory/pause.ts'
import { someGraphs } from './graphs.ts'
import { FAILURES, JournalConsumer } from './journal-consumer.ts'
import { lowerThreadPriority } from './lower-thread-priority.ts'
import { unstoredDirectory } from './poison-requests.ts'
import { PreparerThread } from './preparer-thread.ts'
import type { DiagLevel, Reply, Request, SentError, WorkerStart } from './protocol.ts'
import { DatabaseWatch, removedIncident } from './removed-database.ts'

/** A call sees what was acknowledged before it, unless the backlog is longer than this. */
const READ_YOUR_WRITES_MS = 5000
/**
 * How long a graceful end works off the backlog and moves the log into the database file, but for what is under way; the
 * rest is in the journal and in the log for the next start.
 */
const CLOSING_MS = 2000
/** How long a backup waits for everything that was acknowledged before it. */
const BACKUP_WAIT_MS = 240_000
const PROGRESS_MS = 250
/** How often it is seen whether there is little to do. */
const REST_LOOK_MS = 5000
/** Spans that take about as much as a call. */
const CALL_WORK = 100
type Call = Extract<Request, { kind: 'call' }>

/** How long what is under way may take before the thread leaves without it. */
const LEAVE_MS = 10_000

lowerThreadPriority()
const port = parentPort
const start: WorkerStart = workerData
const provider = engineFor(start.databasePath)
if (port) void serve(port.postMessage.bind(port))

async function serve(post: (reply: Reply) => void): Promise<void> {
  diag.setLogger(diagThrough(post), DiagLogLevel.INFO)
  try {
    const { databasePath, journalDirectory } = start
    const onIncident = (incident: Incident) => post({ kind: 'incident', incident })
    const onSetAside = (message: string) =>
      onIncident({ kind: 'database-set-aside', message, missingRequests: 0, missingSpans: 0 })
    const { shares, queryMs, ours, damaged } = start
    const engine = await provider.recover(databasePath, {
      ...{ queryMs, ours, damaged, onSetAside },
      memoryBytes: shares.database,
      queryGrowthBytes: shares.database + shares.queries,
    })
    const watch = new DatabaseWatch(databasePath)
    const { ingest, admin } = engine
    const store = storeOf(engine)
    const journal = await Journal.open(journalDirectory)
    const preparer = await PreparerThread.start(
      { databasePath, journalDirectory, shares, storedSoFar: ingest.storedSoFar },
      { limitMs: start.readingLimitMs, onSlow: (entry) => void giveUp(entry).catch(end) },
    )
    ingest.prepareWith(preparer)
    const unstored = unstoredDirectory(journalDirectory)
    const consumer = await JournalConsumer.create(journal, engine, preparer, {
      ...{ unstored, onIncident },
      isNew: start.isNewJournal,
    })
    // What is stored at the start was in the file or its log; only a checkpoint says which.
    let checkpointed = 1
    let checkpointedSpans = 0
    let ending = false
    const tellRemoved = async () => {
      const copy = await watch.save()
      onIncident(removedIncident({ path: databasePath, copy, consumer, journal }))
    }
    // Another thread opens the database anew. A thread must not go while DuckDB works for it: that ends the process.
    const leave = async (reason: string, damaged: boolean, last = async () => {}) => {
      if (ending) return
      ending = true
      post({ kind: 'ended', reason, damaged })
      const left = Promise.all([consumer.stop(), admin.idle()])
      try {
        await Promise.race([left, setTimeout(LEAVE_MS)])
        await last()
      } finally {
        process.exit()
      }
    }
    const end = (error: unknown) => {
      const failure = provider.failure(error)
      void leave(failure.error.message, failure.kind === 'damage')
    }
    admin.watch({
      onCheckpoint() {
        // What is in a file that nobody finds any more is still needed.
        if (!watch.isThere) return
        checkpointed = consumer.next
        checkpointedSpans = consumer.spans
      },
      onInvalid: end,
    })
    process.on('uncaughtException', end)
    process.on('unhandledRejection', end)
    const report = () => {
      const { inARow, latest } = admin.failures
      const failure = inARow < FAILURES ? undefined : provider.failure(latest)
      const failing = failure ? failure.error.message : consumer.problem
      if (failure?.kind === 'damage') end(latest)
      else if (!watch.isThere) {
        void leave(`the file ${databasePath} was removed or replaced`, false, tellRemoved)
      }
      const { next, counts } = consumer
      post({ kind: 'progress', next, checkpointed, checkpointedSpans, counts, failing })
    }
    // What is prepared counts on what the thread that prepares knew: this one begins anew as well.
    const giveUp = async (entry: number) => {
      const seconds = start.readingLimitMs / 1000
      const what = entry > 0 ? `Request ${entry}` : 'What was written'
      const error = raise('T2_READING_SLOW', `${what} takes more than ${seconds} s to be read.`)
      if (entry > 0) await consumer.setAside(entry, error)
      report()
      end(error)
      await preparer.terminate()
    }
    consumer.onIdle = report
    const timer = setInterval(report, PROGRESS_MS)
    const pause = new Pause()
    let calls = 0
    const restIfQuiet = async () => {
      // A transaction may take longer than the time between two looks.
      if (ending || consumer.busy) return
      if (!pause.begins(consumer.spans + calls * CALL_WORK)) return
      // In the end the allocators give back what all others have given up.
      post({ kind: 'rest' })
      await admin.checkpoint()
      await preparer.rest()
      collectGarbage()
      await admin.rest()
    }
    const restTimer = setInterval(() => void restIfQuiet().catch(() => undefined), REST_LOOK_MS)
    const close = async (after: number) => {
      const end = performance.now() + CLOSING_MS
      await consumer.reached(after, CLOSING_MS)
      await consumer.stop()
      clearInterval(timer)
      clearInterval(restTimer)
      // A thread that leaves is not the one that closes.
      if (!ending && !watch.isThere) await tellRemoved()
      ending = true
      await admin.close(end - performance.now())
      report()
      await preparer.close()
      await journal.close()
    }
    const answering = new Map<number, AbortController>()
    const answer = async (request: Call, signal: AbortSignal): Promise<unknown> => {
      const { method, args, after } = request
      calls++
      if (method === 'close') return close(after)
      const isBackup = method === 'openBackup'
      await consumer.reached(after, isBackup ? BACKUP_WAIT_MS : READ_YOUR_WRITES_MS)
      if (isBackup && consumer.next < after) throw behind(after - consumer.next)
      if (method === 'checkpoint') return admin.checkpoint()
      if (method === 'graphs') return Reflect.apply(someGraphs, undefined, [store, ...args])
      if (isInterruptible(method)) return callInterruptible(store, method, args, signal)
      return Reflect.apply(store[method], store, args)
    }
    parentPort?.on('message', (request: Request) => {
      if (request.kind === 'wake') consumer.wake()
      else if (request.kind === 'abort') answering.get(request.id)?.abort()
      else {
        const controller = new AbortController()
        answering.set(request.id, controller)
        answer(request, controller.signal)
          .then(
            (value) => post({ kind: 'result', id: request.id, value }),
            (error: unknown) => post({ kind: 'error', id: request.id, error: sent(error) }),
          )
          .finally(() => {
            answering.delete(request.id)
            if (request.method === 'close') parentPort?.close()
          })
      }
    })
    report()
    post({ kind: 'ready' })
    consumer.wake()
  } catch (error) {
    post({ kind: 'failed', error: sent(error) })
    parentPort?.close()
  }
}

function behind(requests: number): Trace2Error {
  const seconds = BACKUP_WAIT_MS / 1000
  const what = `${counted(requests, 'acknowledged request')} could not be stored within ${seconds} s.`
  return raise('T2_BACKUP_BEHIND', what)
}

function diagThrough(post: (reply: Reply) => void): DiagLogger {
  const say =
    (level: DiagLevel) =>
    (message: string, ...args: unknown[]) =>
      post({ kind: 'log', level, message: [message, ...args].join(' ') })
  const ignore = () => undefined
  return {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: ignore,
    verbose: ignore,
  }
}

function sent(error: unknown): SentError {
  const { code, message, remedy, status } = provider.failure(error).error
  return { code, message, remedy, status }
}
