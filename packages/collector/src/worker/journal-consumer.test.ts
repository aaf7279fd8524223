import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../../store/src/engines/duckdb/duckdb-store.ts'
import { SpanPreparer } from '../../../store/src/engines/duckdb/ingest/span-preparer.ts'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import type { Incident } from '../incidents/incidents.ts'
import { Journal } from '../journal/journal.ts'
import { EntryPreparer } from './entry-preparer.ts'
import { JournalConsumer } from './journal-consumer.ts'

const directory = temporaryDirectory()
/** More than three transactions take. */
const ENTRIES = 900

const longText = (n: number) => `${n % 50} is said again and again. `.repeat(60)

function spanNumber(n: number) {
  return span({
    trace: String((n % 40) + 1),
    // An id of zeros only is none.
    id: (n + 1).toString(16),
    at: n,
    attributes: {
      'trace2.kind': 'op',
      'output.value': longText(n),
      'trace2.param.value.prompt': JSON.stringify(`version ${n % 3}`),
      'trace2.param.version.prompt': String(n % 3).repeat(16),
    },
  })
}

const numberOf = (spanId: unknown) => Number.parseInt(String(spanId), 16) - 1

interface Parts {
  readonly journal: Journal
  readonly open: OpenDatabase
  create(): Promise<JournalConsumer>
  readonly unstored: string
  readonly incidents: readonly Incident[]
}

async function openBoth(name: string): Promise<Parts> {
  const journal = await Journal.open(join(directory, `${name}.journal`))
  const open = await openDatabase(join(directory, `${name}.duckdb`))
  onTestFinished(async () => {
    await open.store.close()
    await journal.close()
  })
  const preparer = new EntryPreparer(journal, new SpanPreparer(open.writer.storedSoFar))
  open.writer.prepareWith(preparer)
  const unstored = join(directory, `${name}.unstored`)
  const incidents: Incident[] = []
  const onIncident = (incident: Incident) => void incidents.push(incident)
  const create = () =>
    JournalConsumer.create(journal, open.engine, preparer, { unstored, isNew: false, onIncident })
  return { journal, open, unstored, create, incidents }
}

/** All at once: the disk is waited for once. */
async function appendAll(journal: Journal, bodies: readonly Uint8Array[]): Promise<void> {
  await Promise.all(
    bodies.map((body) =>
      journal.append({ signal: 'traces', encoding: 'protobuf', receivedNs: 1n, body }),
    ),
  )
}

/** From now on the transactions of some turns do everything but commit. */
function failing(open: OpenDatabase, fails: (transaction: number) => boolean): () => number {
  const { database } = open
  const write = database.write.bind(database)
  let transactions = 0
  vi.spyOn(database, 'write').mockImplementation((task) =>
    write(async (lent) => {
      const result = await task(lent)
      if (fails(transactions++)) throw new Error('The disk is gone for a moment.')
      return result
    }),
  )
  return () => transactions
}

it('stores each span once with all that belongs to it, though transactions fail and others write too', async () => {
  const { journal, open, create } = await openBoth('failing')
  const bodies: Uint8Array[] = []
  let sent = 0
  for (let entry = 0; entry < ENTRIES; entry++) {
    // Each comes with the one before it once more, and with one from long ago.
    const numbers = [entry, Math.max(entry - 1, 0), entry >> 1]
    sent += numbers.length
    bodies.push(encodeTraces(numbers.map(spanNumber)))
  }
  await appendAll(journal, bodies)
  const transactions = failing(open, (n) => n === 1 || n === 4)
  const consumer = await create()
  consumer.wake()
  let direct = 0
  for (let n = 0; n < ENTRIES + 10; n += 45) {
    const { accepted } = await open.writer.write([spanNumber(n)]).catch(() => ({ accepted: 0 }))
    direct += accepted
  }
  await consumer.reached(ENTRIES + 1, 60_000)
  await consumer.stop()

  expect(transactions()).toBeGreaterThan(5)
  const { rows } = await open.store.sql(
    'SELECT span_id, count(*), any_value(output::VARCHAR) FROM v_span GROUP BY ALL ORDER BY 1',
  )
  const stored = rows.map(([id, count]) => [numberOf(id), Number(count)])
  const wanted = Array.from({ length: ENTRIES }, (_, n) => [n, 1])
  expect(stored.filter(([n = 0]) => n < ENTRIES)).toEqual(wanted)
  for (const [id, , output] of rows) {
    expect(JSON.parse(String(output))).toBe(longText(numberOf(id)))
  }
  expect(consumer.counts.stored + direct).toBe(rows.length)
  expect(consumer.counts.stored + consumer.counts.duplicates).toBe(sent)
  expect(consumer.next).toBe(ENTRIES + 1)
  const uses = await open.store.sql('SELECT count(*), count(DISTINCT span_id) FROM v_parameter_use')
  expect(uses.rows).toEqual([[rows.length, rows.length]])
  const versions = await open.store.sql('SELECT count(*) FROM v_parameter_version')
  expect(versions.rows).toEqual([[3]])
})

it('lets others write while it works off a backlog', async () => {
  const { journal, open, create } = await openBoth('turns')
  await appendAll(
    journal,
    Array.from({ length: ENTRIES }, (_, n) => encodeTraces([spanNumber(n)])),
  )
  const consumer = await create()
  consumer.wake()
  await open.writer.write([spanNumber(ENTRIES)])
  expect(consumer.next).toBeLessThanOrEqual(ENTRIES)
  await consumer.reached(ENTRIES + 1, 60_000)
  await consumer.stop()
  expect(consumer.counts.stored).toBe(ENTRIES)
})

/** What becomes of transactions in which one of some spans is. */
function poisoned(open: OpenDatabase, numbers: readonly number[], message: string): void {
  const { database } = open
  const write = database.write.bind(database)
  const ids = numbers.map((n) => `'${spanNumber(n).spanId}'`).join()
  vi.spyOn(database, 'write').mockImplementation((task) =>
    write(async (lent) => {
      const result = await task(lent)
      const found = await lent.runAndReadAll(`SELECT 1 FROM span WHERE span_id IN (${ids})`)
      if (found.currentRowCount > 0) throw new Error(message)
      return result
    }),
  )
}

it('keeps in a file the request that cannot be stored, and stores all others', {
  timeout: 120_000,
}, async () => {
  const { journal, open, unstored, create } = await openBoth('poisoned')
  const bodies = Array.from({ length: ENTRIES }, (_, n) => encodeTraces([spanNumber(n)]))
  await appendAll(journal, bodies)
  poisoned(open, [300, 310], 'Conversion Error: what nobody thought of')
  const consumer = await create()
  await consumer.reached(ENTRIES + 1, 100_000)
  await consumer.stop()
  expect(consumer.counts).toMatchObject({ stored: ENTRIES - 2, setAside: 2 })
  expect(readdirSync(unstored).sort()).toEqual([
    '000000000301.reason.txt',
    '000000000301.traces.pb',
    '000000000311.reason.txt',
    '000000000311.traces.pb',
  ])
  expect(readFileSync(join(unstored, '000000000301.traces.pb'))).toEqual(
    Buffer.from(bodies[300] ?? []),
  )
  expect(readFileSync(join(unstored, '000000000301.reason.txt'), 'utf8')).toContain('nobody')
})

it('waits for a disk that refuses, whatever the request', { timeout: 120_000 }, async () => {
  const { journal, open, create } = await openBoth('refusing')
  const body = encodeTraces([spanNumber(1)])
  await journal.append({ signal: 'traces', encoding: 'protobuf', receivedNs: 1n, body })
  poisoned(open, [1], 'IO Error: No space left on device')
  const consumer = await create()
  consumer.wake()
  await expect.poll(() => consumer.counts.failedWrites).toBeGreaterThan(4)
  vi.restoreAllMocks()
  await consumer.reached(2, 60_000)
  await consumer.stop()
  expect(consumer.counts).toMatchObject({ stored: 1, setAside: 0 })
})
