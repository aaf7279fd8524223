import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BatchPreparer, JournalProgress, Preparation, Prepared } from '@trace2/store/engines'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it, onTestFinished } from 'vitest'
import { span, spanId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { raise } from '../errors.ts'
import { Journal } from '../journal/journal.ts'
import { EntryPreparer } from './entry-preparer.ts'
import { JournalConsumer, type WritingEngine } from './journal-consumer.ts'

const directory = temporaryDirectory()

interface PreparedIds extends Prepared {
  readonly spans: readonly string[]
}

/** Prepares the ids of spans, and nothing else. */
class IdPreparer implements BatchPreparer {
  readonly outcomes: boolean[] = []
  #ids = 0

  begin(): Preparation {
    const id = this.#ids++
    const spans: string[] = []
    return {
      addSpan: (record) => spans.push(record.spanId),
      addLogs: () => undefined,
      end: (): PreparedIds => ({ id, spans }),
      discard: () => undefined,
    }
  }

  async records(): Promise<PreparedIds> {
    return { id: this.#ids++, spans: [] }
  }

  rest(): void {}

  settle(_: unknown, committed: boolean): void {
    this.outcomes.push(committed)
  }
}

/** An engine that keeps the ids of spans in memory, and fails when it is told to. */
function idEngine(preparer: IdPreparer, fails: (attempt: number) => boolean) {
  const stored = new Map<string, number>()
  const offsets = new Map<string, JournalProgress>()
  let attempts = 0
  const engine: WritingEngine = {
    failure: (error) => ({
      kind: 'disk',
      error: raise('T2_STORE_WRITE', String(error)),
    }),
    ingest: {
      inTurn: (task) => task({ contended: false }),
      async commit(prepared: PreparedIds, progress) {
        const fail = fails(attempts++)
        preparer.settle(prepared, !fail)
        if (fail) throw new Error('no room')
        for (const id of prepared.spans) stored.set(id, (stored.get(id) ?? 0) + 1)
        if (progress) offsets.set(progress.consumer, progress)
        return { accepted: prepared.spans.length, duplicates: 0 }
      },
      discard: (prepared) => preparer.settle(prepared, false),
      journalProgress: async () => [...offsets.values()],
      requireRoom: async () => undefined,
    },
  }
  return { engine, stored }
}

it('writes a journal into any engine, each entry once, and goes on where it was', async () => {
  const journal = await Journal.open(join(directory, 'any.journal'))
  onTestFinished(() => journal.close())
  const append = (id: string) =>
    journal.append({
      signal: 'traces',
      encoding: 'protobuf',
      receivedNs: 1n,
      body: encodeTraces([span({ id })]),
    })
  const preparer = new IdPreparer()
  const { engine, stored } = idEngine(preparer, (attempt) => attempt === 0)
  const consume = async (until: number) => {
    const entries = new EntryPreparer(journal, preparer)
    const consumer = await JournalConsumer.create(journal, engine, entries, {
      ...{ unstored: directory, isNew: false },
      onIncident: (incident) => expect(incident).toBeUndefined(),
    })
    await consumer.reached(until, 60_000)
    await consumer.stop()
    return consumer.counts
  }

  await append('1')
  await append('2')
  expect(await consume(3)).toMatchObject({ stored: 2, failedWrites: 1 })
  await append('3')
  expect(await consume(4)).toMatchObject({ stored: 1, failedWrites: 0 })
  expect([...stored]).toEqual(['1', '2', '3'].map((id) => [spanId(id), 1]))
  expect(preparer.outcomes.filter((committed) => committed)).toHaveLength(2)
})

it('does not read again what was set aside, unless another request has its number', async () => {
  const journal = await Journal.open(join(directory, 'aside.journal'))
  onTestFinished(() => journal.close())
  const bodies = ['1', '2', '3'].map((id) => encodeTraces([span({ id })]))
  for (const body of bodies) {
    await journal.append({ signal: 'traces', encoding: 'protobuf', receivedNs: 1n, body })
  }
  const unstored = join(directory, 'unstored')
  mkdirSync(unstored)
  const keep = (number: number, body: Uint8Array = Buffer.from('of another journal')) =>
    writeFileSync(join(unstored, `${String(number).padStart(12, '0')}.traces.pb`), body)
  keep(2, bodies[1])
  keep(3)
  const preparer = new IdPreparer()
  const { engine, stored } = idEngine(preparer, () => false)
  const read: number[] = []
  const entries = new EntryPreparer(journal, preparer, {
    mark: { put: (entry) => read.push(entry) },
  })
  const consumer = await JournalConsumer.create(journal, engine, entries, {
    ...{ unstored, isNew: false },
    onIncident: (incident) => expect(incident).toBeUndefined(),
  })
  await consumer.reached(4, 60_000)
  await consumer.stop()
  expect([...stored.keys()]).toEqual([spanId('1'), spanId('3')])
  expect(read.filter((entry) => entry !== 0)).toEqual([1, 3])
  expect(consumer.counts.setAside).toBe(0)
})

it('ends a transaction at so many bytes of requests, and takes one that is larger by itself', async () => {
  const journal = await Journal.open(join(directory, 'bytes.journal'))
  onTestFinished(() => journal.close())
  const small = encodeTraces([span({ id: '1' })])
  const large = encodeTraces([span({ id: '2', name: 'x'.repeat(10 * small.byteLength) })])
  for (const body of [small, small, small, large, small]) {
    await journal.append({ signal: 'traces', encoding: 'protobuf', receivedNs: 1n, body })
  }
  const bytesAtOnce = 2 * small.byteLength
  const entries = new EntryPreparer(journal, new IdPreparer(), { bytesAtOnce })
  const next: (number | undefined)[] = []
  for (let from: number | undefined = 1; next.at(-1) !== 6; from = undefined) {
    next.push((await entries.entries({ from, atOnce: 100, excluded: new Set() }))?.next)
  }
  expect(next).toEqual([3, 5, 6])
})
