import { join } from 'node:path'
import { importExport, openStore } from '@trace2/store'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { contentsOf, fillStore } from '../testing/full-store.ts'

const directory = temporaryDirectory()

/** What is of the import itself, or counted by an order that it does not keep. */
async function comparable(of: Parameters<typeof contentsOf>[0]) {
  const contents = await contentsOf(of)
  const known = new Set(JSON.stringify(contents.spans).match(/[0-9a-f]{64}/g))
  const { columns, rows } = contents.contents
  return {
    ...contents,
    contents: { columns, rows: rows.filter(([hash]) => known.has(String(hash))) },
  }
}

it.each([
  ['', undefined],
  [' by day', 'day' as const],
])(
  'brings back what an export%s wrote, into a file and into a collector',
  async (name, partitionBy) => {
    const original = await openStore(join(directory, `original${name}.duckdb`))
    onTestFinished(() => original.close())
    await fillStore(original)
    const exported = join(directory, `exported${name}`)
    await original.exportParquet(exported, partitionBy && { partitionBy })
    const expected = await comparable(original)

    const file = await openStore(join(directory, `file${name}.duckdb`))
    onTestFinished(() => file.close())
    const { accepted, rejected, records } = await importExport(file, exported)
    expect({ accepted, rejected }).toEqual({ accepted: expected.spans.rows.length, rejected: 0 })
    expect(records).toMatchObject({ feedback: expected.feedback.length, proposal: 1, look: 1 })
    expect(await comparable(file)).toEqual(expected)

    await using collector = await startCollector({
      db: join(directory, `c${name}.duckdb`),
      port: 0,
    })
    const client = await openStore(collector.url)
    await importExport(client, exported)
    expect(await comparable(client)).toEqual(expected)

    const again = await importExport(client, exported)
    expect(again).toMatchObject({ accepted: 0, duplicates: expected.spans.rows.length })
    expect(Object.values(again.records).every((added) => added === 0)).toBe(true)
    expect(await comparable(client)).toEqual(expected)
  },
)

it('keeps what is newer than the export', async () => {
  const store = await openStore(join(directory, 'newer.duckdb'))
  onTestFinished(() => store.close())
  await fillStore(store)
  const exported = join(directory, 'older-export')
  await store.exportParquet(exported)
  const [piece] = await store.feedback()
  if (!piece) throw new Error('There is no feedback.')
  const { traceId, spanId, name, identifier } = piece
  await store.addFeedback({ traceId, spanId, name, identifier, score: 1, comment: 'changed' })
  const changed = await store.feedback()
  await importExport(store, exported)
  expect(await store.feedback()).toEqual(changed)
})
