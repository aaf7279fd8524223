import type { ForwardCounts, Forwarder } from '../forward/forwarder.ts'
import { countKept } from '../forward/refusals.ts'
import type { RecordedIncident } from '../incidents/incidents.ts'
import type { JournaledStore } from '../open-with-journal.ts'
import type { StoreHealth } from '../worker/store-worker.ts'

/** What came in since the start, counted where it is answered. */
export interface ReceivedCounts {
  /** Spans acknowledged, duplicates included. */
  accepted: number
  /** Spans refused within requests that were otherwise taken. */
  rejected: number
  /** Log records acknowledged. */
  logs: number
  /** Of these, records that say nothing of a run and are not stored. */
  ignoredLogs: number
}

/** One reader of the intake journal. */
export interface ConsumerStats {
  readonly name: string
  /** Requests acknowledged that it has not dealt with. */
  readonly backlog: number
  /** How long the oldest of them has waited, in seconds; 0 without a backlog. */
  readonly lagSeconds: number
}

/** How a collector is doing. Counts are since its start. */
export interface CollectorStats {
  readonly received: Readonly<ReceivedCounts>
  readonly stored: number
  /** Spans sent again that were stored already. */
  readonly duplicates: number
  /** Number of requests whose bytes were damaged after they had been acknowledged. */
  readonly damagedEntries: number
  /** Number of transactions that could not be written. */
  readonly failedWrites: number
  /** Number of requests that could not be stored because of a defect. They are kept in files. */
  readonly setAside: number
  /** Number of requests that lie among those which could not be stored, from earlier starts as well. */
  readonly unstored: number
  /** How long the last transaction took to commit, in seconds. 0 before the first. */
  readonly lastCommitSeconds: number
  /** Texts replaced as a whole because the rules of redaction could not look through them in time. */
  readonly unread: number
  readonly store: StoreHealth
  /** Why retention deleted nothing the last time, where it refused. */
  readonly refusedRetention: string | undefined
  /** What happened to its files, from earlier starts as well, and that nobody has dismissed. */
  readonly incidents: readonly RecordedIncident[]
  readonly consumers: readonly ConsumerStats[]
  /** Requests by what became of them, one entry per forward target. */
  readonly forwarded: readonly (ForwardCounts & { readonly target: string })[]
  /**
   * Bytes in use, and those at which senders are told to wait: its quota, or less where the disk has less. `undefined`
   * for a store in memory, which has no journal.
   */
  readonly journal:
    | {
        readonly entries: number
        readonly bytes: number
        readonly quotaBytes: number
        /** Its file was removed while it was in use: it takes nothing. */
        readonly removed: boolean
      }
    | undefined
}

/** Reads a collector's state; cheap enough for every scrape. */
export function collectorStats(
  received: Readonly<ReceivedCounts>,
  journaled: JournaledStore | undefined,
  { unread, refusedRetention }: Pick<CollectorStats, 'unread' | 'refusedRetention'>,
): CollectorStats {
  const progress = journaled?.worker.progress()
  const counts = progress?.counts
  const forwarders = named(journaled?.forwarders ?? [])
  return {
    received: { ...received },
    stored: counts?.stored ?? received.accepted,
    duplicates: counts?.duplicates ?? 0,
    damagedEntries: (counts?.damagedEntries ?? 0) + (journaled?.lostEntries ?? 0),
    failedWrites: counts?.failedWrites ?? 0,
    setAside: counts?.setAside ?? 0,
    unstored: journaled ? countKept(journaled.unstored) : 0,
    unread,
    store: journaled?.worker.health() ?? { problem: undefined, restarts: 0 },
    refusedRetention,
    incidents: journaled?.incidents.all ?? [],
    lastCommitSeconds: (counts?.lastCommitMs ?? 0) / 1000,
    consumers:
      journaled && progress
        ? [
            consumerStats('store', journaled, progress.next),
            ...forwarders.map(([name, { next }]) => consumerStats(name, journaled, next)),
          ]
        : [],
    forwarded: forwarders.map(([target, { counts }]) => ({ target, ...counts })),
    journal: journaled && {
      ...journaled.journal.usage(),
      quotaBytes: journaled.journal.capacity,
      removed: journaled.journal.removed,
    },
  }
}

/** By their addresses, numbered where these differ only in what is not shown. */
function named(forwarders: JournaledStore['forwarders']): (readonly [string, Forwarder])[] {
  return forwarders.map((forwarder, i) => {
    const { address } = forwarder
    const before = forwarders.slice(0, i).filter((other) => other.address === address).length
    return [before === 0 ? address : `${address} ${before + 1}`, forwarder]
  })
}

function consumerStats(name: string, { journal }: JournaledStore, next: number): ConsumerStats {
  const backlog = Math.max(journal.next - next, 0)
  return { name, backlog, lagSeconds: backlog === 0 ? 0 : ageOf(journal, next) }
}

function ageOf(journal: JournaledStore['journal'], number: number): number {
  for (const { entry } of journal.read(number)) {
    if (entry) return Math.max(Date.now() - Number(entry.receivedNs / 1_000_000n), 0) / 1000
    break
  }
  return 0
}
