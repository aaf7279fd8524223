import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/core'
import type { Store } from '@trace2/store'
import { isOpenHere, openShared } from '@trace2/store'
import { engineFor } from '@trace2/store/engines'
import { raise } from './errors.ts'
import { forwardingFeedback } from './forward/feedback/forwarding.ts'
import { Forwarder } from './forward/forwarder.ts'
import type { ForwardTarget } from './forward/target.ts'
import type { Intake } from './intake/intake.ts'
import { JournalIntake } from './intake/journal-intake.ts'
import { Journal } from './journal/journal.ts'
import { recoverJournal } from './journal/recover.ts'
import { type StoreWorker, startStoreWorker, type WorkerProgress } from './worker/store-worker.ts'

/** A database with its intake journal: what is accepted is on disk, and reaches the store in its own time. */
export interface JournaledStore {
  readonly store: Store
  readonly intake: Intake
  readonly journal: Journal
  readonly worker: StoreWorker
  readonly forwarders: readonly Forwarder[]
  /** Ends the intake, lets the store catch up and closes both. */
  close(): Promise<void>
}

/** Share of the capacity from which on room is made: beyond it nothing waits for a checkpoint or a forward target. */
const ENOUGH = 0.8
/** Share of the entries that is given up at a time, the oldest ones, until there is room again. */
const GIVEN_UP_AT_ONCE = 0.1

async function openJournal(directory: string, quotaBytes: number): Promise<Journal> {
  try {
    await recoverJournal(directory)
    return await Journal.open(directory, quotaBytes)
  } catch (error) {
    throw asJournalFailure(directory, error)
  }
}

/** The lock lies in the journal's directory: a disk that takes no lock takes no journal. */
function asJournalFailure(directory: string, error: unknown): Trace2Error {
  if (error instanceof Trace2Error && error.code !== 'T2_STORE_WRITE') return error
  const reason = error instanceof Error ? error.message : String(error)
  const what = `The journal ${directory} cannot be opened: ${reason}`
  return raise('T2_JOURNAL_WRITE', what, { cause: error })
}

/**
 * Never gives a number that the store counts as done: it may have come further than this copy of the journal knows.
 * What was acknowledged under such numbers since the start is appended again.
 */
async function continueAfterStore(journal: Journal, first: number, next: number): Promise<void> {
  journal.continueFrom(next)
  for (const { number, entry } of journal.read(first)) {
    if (number >= next) return
    if (entry) await journal.append(entry)
  }
}

export interface JournaledOptions {
  readonly path: string
  readonly journalQuotaBytes: number
  readonly databaseMemoryBytes: number
  readonly forward: readonly ForwardTarget[]
}

export function journalDirectory(databasePath: string): string {
  return `${databasePath}.journal`
}

export async function openWithJournal({
  path,
  journalQuotaBytes,
  databaseMemoryBytes,
  forward,
}: JournaledOptions): Promise<JournaledStore> {
  if (isOpenHere(path)) throw raise('T2_STORE_LOCKED', `This process has ${path} open already.`)
  // A directory that is missing is a disk that is not mounted, or a slip of the pen.
  if (!existsSync(dirname(path))) {
    throw raise('T2_STORE_OPEN', `There is no directory ${dirname(path)}.`)
  }
  const directory = journalDirectory(path)
  const isNew = !existsSync(directory)
  const lock = await engineFor(path)
    .lock(path, join(directory, 'lock'))
    .catch((error: unknown) => {
      throw asJournalFailure(directory, error)
    })
  const journal = await openJournal(directory, journalQuotaBytes).catch(async (error: unknown) => {
    await lock.release()
    throw error
  })
  const forwarders = forward.map(
    (target) => new Forwarder(journal, target, join(directory, 'refused')),
  )
  const giveUpSome = async (checkpointed: number) => {
    const oldest = Math.min(...forwarders.map(({ next }) => next))
    const some = Math.ceil((journal.next - oldest) * GIVEN_UP_AT_ONCE)
    const below = Math.min(oldest + some, checkpointed)
    for (const forwarder of forwarders) await forwarder.abandonBelow(below)
  }
  let worker: StoreWorker | undefined
  let trimming: Promise<void> | undefined
  // An entry is kept until the store has it in its file itself: a damaged write-ahead log costs nothing then. It is
  // kept for a target that does not answer as long as there is room.
  const trim = async ({ next, checkpointed }: WorkerProgress) => {
    if (journal.usage().bytes > journal.capacity * ENOUGH) {
      if (next > checkpointed) await worker?.checkpoint()
      if (forwarders.length > 0) await giveUpSome(checkpointed)
    }
    await journal.trim(Math.min(checkpointed, ...forwarders.map(({ next }) => next)))
  }
  const keepTrimmed = (progress: WorkerProgress) => {
    trimming ??= trim(progress)
      .catch((error: unknown) => diag.debug(`The journal is not trimmed yet: ${String(error)}`))
      .finally(() => {
        trimming = undefined
      })
  }
  try {
    const start = {
      databasePath: path,
      journalDirectory: directory,
      memoryBytes: databaseMemoryBytes,
      ours: journal.next > 1,
    }
    const store = await openShared(path, async () => {
      worker = await startStoreWorker(start, () => journal.next, keepTrimmed)
      return forwardingFeedback(worker.store, journal, forwarders)
    })
    if (!worker) throw raise('T2_STORE_LOCKED', `This process has ${path} open already.`)
    const { wake: wakeStore } = worker
    const wake = () => {
      wakeStore()
      for (const forwarder of forwarders) forwarder.wake()
    }
    const { opened, progress } = worker
    const first = journal.next
    const settled = opened.then(() => continueAfterStore(journal, first, progress().next))
    settled.then(wake, (error: unknown) =>
      diag.error(`What came while the database was being opened may be lost: ${String(error)}`),
    )
    // Numbers are known to be right when the store is open; where that takes long, senders do not wait for it.
    if (worker.health().problem === undefined) await settled
    for (const forwarder of forwarders) forwarder.wake()
    const intake = new JournalIntake(journal, wake)
    return {
      store,
      intake,
      journal,
      worker,
      forwarders,
      async close() {
        await intake.close()
        await Promise.all(forwarders.map((forwarder) => forwarder.stop()))
        await store.close()
        await trimming
        await journal.close()
        await lock.release()
      },
    }
  } catch (error) {
    await journal.close()
    await lock.release()
    // Beside a file that is no database, for example, nothing of ours is left.
    if (isNew) await rm(directory, { recursive: true })
    throw error
  }
}
