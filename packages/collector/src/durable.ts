import { raise } from './errors.ts'
import type { Intake } from './intake/intake.ts'
import { JournalIntake } from './intake/journal-intake.ts'
import { Journal } from './journal/journal.ts'
import { markClosed, recoverJournal } from './journal/recover.ts'
import { isOpenHere, openShared } from './store/open.ts'
import type { Store } from './store/store.ts'
import { type StoreWorker, startStoreWorker, type WorkerProgress } from './worker/store-worker.ts'

/** A database with its intake journal: what is accepted is on disk, and reaches the store in its own time. */
export interface Durable {
  readonly store: Store
  readonly intake: Intake
  readonly journal: Journal
  readonly worker: StoreWorker
  /** Ends the intake, lets the store catch up and closes both. */
  close(): Promise<void>
}

export interface DurableOptions {
  readonly path: string
  readonly journalQuotaBytes: number
}

export function journalDirectory(databasePath: string): string {
  return `${databasePath}.journal`
}

export async function openDurable({ path, journalQuotaBytes }: DurableOptions): Promise<Durable> {
  if (isOpenHere(path)) throw raise('T2_STORE_LOCKED', `This process has ${path} open already.`)
  const directory = journalDirectory(path)
  await recoverJournal(directory)
  const journal = await Journal.open(directory, journalQuotaBytes)
  let trimming = false
  // An entry is kept until the store has it in its file itself: a damaged write-ahead log costs nothing then.
  const trim = async ({ checkpointed }: WorkerProgress) => {
    if (trimming) return
    trimming = true
    try {
      await journal.trim(checkpointed)
    } finally {
      trimming = false
    }
  }
  try {
    let worker: StoreWorker | undefined
    const start = { databasePath: path, journalDirectory: directory }
    const store = await openShared(path, async () => {
      worker = await startStoreWorker(
        start,
        () => journal.next,
        (progress) => void trim(progress).catch(() => undefined),
      )
      return worker.store
    })
    if (!worker) throw raise('T2_STORE_LOCKED', `This process has ${path} open already.`)
    const { wake } = worker
    journal.continueFrom(worker.progress().next)
    const intake = new JournalIntake(journal, wake)
    return {
      store,
      intake,
      journal,
      worker,
      async close() {
        await intake.close()
        await store.close()
        await journal.close()
        await markClosed(directory)
      },
    }
  } catch (error) {
    await journal.close()
    throw error
  }
}
