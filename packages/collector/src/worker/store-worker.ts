import { setTimeout as sleep } from 'node:timers/promises'
import { diag } from '@opentelemetry/api'
import type { LogWriteResult, Store, WriteResult } from '@trace2/store'
import { remoteStore } from '@trace2/store'
import { raise } from '../errors.ts'
import { allGraphs, type SomeGraphs } from './graphs.ts'
import type { ConsumerCounts } from './journal-consumer.ts'
import type { CallMethod, WorkerStart } from './protocol.ts'
import {
  type StoreThread,
  startStoreThread,
  type ThreadEnd,
  type WorkerProgress,
  type WorkerWatcher,
} from './store-thread.ts'

export type { WorkerProgress } from './store-thread.ts'

export interface StoreHealth {
  /** What keeps the store from taking what was acknowledged; `undefined` when nothing does. */
  readonly problem: string | undefined
  /** How often its thread was started again. */
  readonly restarts: number
}

export interface StoreWorker {
  readonly store: Store
  /** Tells it that the journal has new entries. */
  wake(): void
  progress(): WorkerProgress
  health(): StoreHealth
  /** Resolves when the database is open for the first time: before that, its progress is not known. */
  readonly opened: Promise<void>
  checkpoint(): Promise<void>
}

/** How long a start waits for the database. A large write-ahead log takes longer to read, and senders do not wait. */
const OPENING_MS = 3000
const FIRST_RESTART_MS = 100
const LAST_RESTART_MS = 30_000
/** A thread that has lived this long did not end because of how it began. */
const SETTLED_MS = 60_000
/** Progress is reported four times a second: a thread silent for this long is stuck. */
const SILENT_MS = 10_000

/**
 * Keeps a thread that owns the database and consumes the journal. When it ends by itself (a full disk, a damaged
 * file, a defect), another is started, again and again; what is acknowledged stays in the journal meanwhile, and calls
 * are refused with `T2_STORE_RESTARTING`. A database that takes long to open is waited for in the background, and calls
 * wait for it.
 *
 * @param journalNext number that the journal's next entry will have: a call sees what came before.
 * @throws {Trace2Error} what opening the database throws, if it does so soon.
 */
export async function startStoreWorker(
  start: Omit<WorkerStart, 'damaged'>,
  journalNext: () => number,
  { onProgress, onIncident }: WorkerWatcher,
): Promise<StoreWorker> {
  const closing = new AbortController()
  let thread: StoreThread | undefined
  let progress: WorkerProgress = {
    ...{ next: 1, checkpointed: 1, checkpointedSpans: 0 },
    ...{ counts: noCounts, failing: undefined },
  }
  let before = noCounts
  let problem: string | undefined
  let restarts = 0
  let restarting: Promise<void> | undefined
  let delay = FIRST_RESTART_MS
  let heard = performance.now()
  let openLate: Promise<void> | undefined
  let markOpened: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    markOpened = resolve
  })

  const open = async (damaged: boolean) => {
    const started = performance.now()
    // What is told of a journal made of a damaged one is told once.
    const isNewJournal = start.isNewJournal && restarts === 0
    const begun = await startStoreThread(
      { ...start, damaged, isNewJournal },
      {
        onIncident,
        onProgress(reported) {
          heard = performance.now()
          progress = { ...reported, counts: sum(before, reported.counts) }
          onProgress(progress)
        },
      },
    )
    thread = begun
    problem = undefined
    markOpened()
    void begun.ended.then((end) => {
      thread = undefined
      before = progress.counts
      if (closing.signal.aborted) return
      if (performance.now() - started > SETTLED_MS) delay = FIRST_RESTART_MS
      restarting = restart(end)
    })
  }

  const restart = async ({ reason, damaged }: ThreadEnd) => {
    problem = `the store is being opened again: ${reason}`
    let toSetAside = damaged
    diag.error(`The store's thread has ended and is started again: ${reason}`)
    while (!thread) {
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      delay = Math.min(delay * 2, LAST_RESTART_MS)
      try {
        restarts++
        const opening = open(toSetAside)
        toSetAside = false
        await opening
      } catch (error) {
        problem = `the store cannot be opened: ${error instanceof Error ? error.message : error}`
        diag.error(`${problem}; it is tried again in ${delay / 1000} s.`)
      }
    }
  }

  const call = async (
    method: CallMethod,
    args: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<unknown> => {
    if (closing.signal.aborted) throw raise('T2_STORE_CLOSED', 'The store is closed.')
    await openLate
    if (!thread) throw raise('T2_STORE_RESTARTING', `Try again: ${problem}.`)
    return thread.call(method, args, journalNext(), signal)
  }

  const close = async () => {
    if (closing.signal.aborted) return
    closing.abort()
    await openLate
    await restarting
    if (!thread) return
    const { ended } = thread
    // Where it ends before it has answered, the rest is in the journal for the next start.
    await thread.call('close', [], journalNext()).catch((error: unknown) => {
      diag.error(`The store was not closed in order: ${String(error)}`)
    })
    await ended
  }

  const opening = open(false)
  await Promise.race([opening, sleep(OPENING_MS, undefined, { ref: false })])
  if (!thread) {
    problem = 'the database is being opened'
    openLate = opening.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      restarting = restart({ reason, damaged: false })
    })
  }
  return {
    store: remoteStore(start.databasePath, {
      call,
      writeSpans: async (spans) => (await call('writeSpans', [spans])) as WriteResult,
      writeLogs: async (records) => (await call('writeLogs', [records])) as LogWriteResult,
      graphs: (runs, options) =>
        allGraphs(runs, async (some) => (await call('graphs', [some, options])) as SomeGraphs),
      close,
    }),
    wake: () => thread?.wake(),
    progress: () => progress,
    opened,
    health: () => {
      const silent = thread && performance.now() - heard > SILENT_MS
      const leaving = thread?.leaving()
      const failing = progress.failing && `the store cannot be written: ${progress.failing}`
      return {
        problem: problem ?? leaving ?? (silent ? 'the store does not answer' : failing),
        restarts,
      }
    },
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
  setAside: 0,
  lastCommitMs: 0,
}

function sum(before: ConsumerCounts, now: ConsumerCounts): ConsumerCounts {
  return {
    stored: before.stored + now.stored,
    duplicates: before.duplicates + now.duplicates,
    rejected: before.rejected + now.rejected,
    damagedEntries: before.damagedEntries + now.damagedEntries,
    failedWrites: before.failedWrites + now.failedWrites,
    setAside: before.setAside + now.setAside,
    lastCommitMs: now.lastCommitMs,
  }
}
