import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { diag } from '@opentelemetry/api'
import { counted, Trace2Error } from '@trace2/core'
import type { Store } from '@trace2/store'
import { isOpenHere, openShared } from '@trace2/store'
import { engineFor } from '@trace2/store/engines'
import { raise } from './errors.ts'
import { WatchedFile } from './files/watched-file.ts'
import { forwardingFeedback } from './forward/feedback/forwarding.ts'
import { Forwarder } from './forward/forwarder.ts'
import type { ForwardTarget } from './forward/target.ts'
import { type Incident, Incidents } from './incidents/incidents.ts'
import type { Intake } from './intake/intake.ts'
import { JournalIntake } from './intake/journal-intake.ts'
import { JOURNAL_FILE, Journal } from './journal/journal.ts'
import { recoverJournal, type Salvage } from './journal/recover.ts'
import { SpanMarks } from './journal/span-marks.ts'
import type { MemoryShares } from './memory/shares.ts'
import { unstoredDirectory } from './worker/poison-requests.ts'
import { type StoreWorker, startStoreWorker, type WorkerProgress } from './worker/store-worker.ts'

/** A database with its intake journal: what is accepted is on disk, and reaches the store in its own time. */
export interface JournaledStore {
  readonly store: Store
  readonly intake: Intake
  readonly journal: Journal
  readonly worker: StoreWorker
  readonly forwarders: readonly Forwarder[]
  readonly incidents: Incidents
  /** Directory of the requests that could not be stored. */
  readonly unstored: string
  /** Requests that were lost with a damaged journal. */
  readonly lostEntries: number
  /** Ends the intake, lets the store catch up and closes both. */
  close(): Promise<ClosedStore>
}

/** What a collector leaves when it has ended. */
export interface ClosedStore {
  /** Requests that are in the journal and not yet in the store: the next start stores them. */
  readonly waiting: number
  /** What happened to its files since its start. */
  readonly incidents: readonly Incident[]
}

/** Share of the capacity from which on room is made: beyond it nothing waits for a checkpoint or a forward target. */
const ENOUGH = 0.8
/** Share of the entries that is given up at a time, the oldest ones, until there is room again. */
const GIVEN_UP_AT_ONCE = 0.1

interface OpenedJournal {
  readonly journal: Journal
  /** What was saved, where it was damaged. */
  readonly salvage: Salvage | undefined
}

async function openJournal(directory: string, quotaBytes: number): Promise<OpenedJournal> {
  try {
    const salvage = await recoverJournal(directory)
    const journal = await Journal.open(directory, quotaBytes)
    await journal.beginEpoch()
    return { journal, salvage }
  } catch (error) {
    throw asJournalFailure(directory, error)
  }
}

function damageIncident({ entries, lost, aside }: Salvage): Incident {
  const message =
    `The journal was damaged: ${counted(entries, 'request was', 'requests were')} saved and ` +
    `${lost > 0 ? `${counted(lost, 'request is', 'requests are')} lost` : 'others may be lost'}; the file is in ${aside}.`
  return { kind: 'journal-damaged', message, missingRequests: lost, missingSpans: 0 }
}

/** The lock lies in the journal's directory: a disk that takes no lock takes no journal. */
function asJournalFailure(directory: string, error: unknown): Trace2Error {
  if (error instanceof Trace2Error && error.code !== 'T2_STORE_WRITE') return error
  const reason = error instanceof Error ? error.message : String(error)
  const what = `The journal ${directory} cannot be opened: ${reason}`
  return raise('T2_JOURNAL_WRITE', what, { cause: error })
}

function removedJournalIncident(directory: string, journal: Journal, next: number): Incident {
  const waiting = counted(Math.max(journal.next - next, 0), 'request')
  const message =
    `The journal ${directory} was removed or replaced while it was in use. Requests are refused from now on: start the ` +
    `collector anew. ${waiting} that it held and that were not stored yet are stored as long as this process goes on.`
  return { kind: 'journal-removed', message, missingRequests: 0, missingSpans: 0 }
}

export interface JournaledOptions {
  readonly path: string
  readonly journalQuotaBytes: number
  readonly shares: MemoryShares
  readonly queryMs: number | undefined
  readonly readingLimitMs: number
  readonly forward: readonly ForwardTarget[]
}

export function journalDirectory(databasePath: string): string {
  return `${databasePath}.journal`
}

export async function openWithJournal({
  path,
  journalQuotaBytes,
  shares,
  queryMs,
  readingLimitMs,
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
  const opening = openJournal(directory, journalQuotaBytes)
  const { journal, salvage } = await opening.catch(async (error: unknown) => {
    await lock.release()
    throw error
  })
  const incidents = new Incidents(path)
  if (salvage) incidents.add(damageIncident(salvage))
  const journalFile = new WatchedFile(join(directory, JOURNAL_FILE))
  const spansBelow = new SpanMarks()
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
    const below = Math.min(checkpointed, ...forwarders.map(({ next }) => next))
    await journal.trim(below, spansBelow.at(below))
  }
  const onProgress = (progress: WorkerProgress) => {
    spansBelow.add(progress.checkpointed, progress.checkpointedSpans)
    if (!journalFile.isThere) refuseRemoved()
    trimming ??= trim(progress)
      .catch((error: unknown) => diag.debug(`The journal is not trimmed yet: ${String(error)}`))
      .finally(() => {
        trimming = undefined
      })
  }
  const refuseRemoved = () => {
    if (journal.removed) return
    journal.removed = true
    incidents.add(removedJournalIncident(directory, journal, worker?.progress().next ?? 1))
  }
  try {
    const start = {
      databasePath: path,
      journalDirectory: directory,
      shares,
      queryMs,
      readingLimitMs,
      ours: journal.next > 1 || salvage !== undefined,
      isNewJournal: salvage !== undefined,
    }
    const store = await openShared(path, async () => {
      worker = await startStoreWorker(start, () => journal.next, {
        onProgress,
        onIncident: (incident) => incidents.add(incident),
      })
      return forwardingFeedback(worker.store, journal, forwarders)
    })
    if (!worker) throw raise('T2_STORE_LOCKED', `This process has ${path} open already.`)
    const { wake: wakeStore } = worker
    const wake = () => {
      wakeStore()
      for (const forwarder of forwarders) forwarder.wake()
    }
    const { opened, progress } = worker
    void opened.then(wake)
    for (const forwarder of forwarders) forwarder.wake()
    const intake = new JournalIntake(journal, wake)
    return {
      ...{ store, intake, journal, worker, forwarders, incidents },
      unstored: unstoredDirectory(directory),
      lostEntries: salvage?.lost ?? 0,
      async close() {
        await intake.close()
        await Promise.all(forwarders.map((forwarder) => forwarder.stop()))
        await store.close()
        await trimming
        if (!journalFile.isThere) refuseRemoved()
        const waiting = journal.next - progress().next
        await journal.close()
        await incidents.close()
        await lock.release()
        return { waiting, incidents: incidents.now }
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
