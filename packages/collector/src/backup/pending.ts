import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '@trace2/store'
import { JOURNAL_FILE } from '../journal/journal.ts'
import { inspectJournal } from '../journal/recover.ts'
import { journalDirectory } from '../open-with-journal.ts'

/**
 * Number of requests that the journal beside a database holds and the database does not: a collector that was killed has
 * acknowledged them, and the next one stores them.
 *
 * @param store of the database, which no collector has open.
 */
export async function pendingRequests(store: Store): Promise<number> {
  const directory = journalDirectory(store.location)
  if (!existsSync(join(directory, JOURNAL_FILE))) return 0
  const { rows } = await store.sql('SELECT consumer, next_entry FROM v_journal_offset')
  const offsets = Object.fromEntries(rows.map(([consumer, next]) => [String(consumer), next]))
  const check = await inspectJournal(directory)
  if (!check) return Number.POSITIVE_INFINITY
  const next = Number(offsets[`store:${check.id}`] ?? 1)
  return check.next > next ? Math.min(check.next - next, check.entries + check.damaged) : 0
}
