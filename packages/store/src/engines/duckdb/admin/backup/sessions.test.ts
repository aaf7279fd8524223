import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { BackupPart } from '../../../../backup.ts'
import type { Store } from '../../../../store.ts'
import { span, traceId } from '../../../../testing/spans.ts'
import { temporaryDirectory } from '../../../../testing/temporary.ts'
import { openDatabase } from '../../duckdb-store.ts'

const directory = temporaryDirectory()
let files = 0
let store: Store

beforeEach(async () => {
  const opened = await openDatabase(join(directory, `${files++}.duckdb`))
  store = opened.store
  onTestFinished(() => store.close())
  await store.writeSpans([
    span({ trace: 'a', id: '1', attributes: { 'input.value': 'a '.repeat(2000) } }),
  ])
})

async function partsOf(id: string): Promise<BackupPart[]> {
  const parts: BackupPart[] = []
  for (;;) {
    const some = await store.backupParts(id, parts.length)
    parts.push(...some.parts)
    if (some.isLast) return parts
  }
}

const rowsIn = (parts: readonly BackupPart[], table: string) =>
  parts.filter((part) => part.table === table).reduce((sum, { rows }) => sum + rows, 0)

it('a part is named by its rows: other values, other names', async () => {
  const first = await store.openBackup([])
  const before = await partsOf(first.id)
  await store.addFeedback({
    ...{ traceId: traceId('a'), spanId: null, name: 'x', score: 0 },
    identifier: 'i',
  })
  const second = await store.openBackup(before.map(({ name }) => name))
  const after = await partsOf(second.id)
  expect(after.filter(({ known }) => !known).map(({ table }) => table)).toEqual(['feedback'])
})

it('deleting and writing meanwhile change nothing in it', async () => {
  const { id } = await store.openBackup([])
  await store.backupParts(id, 0)
  await store.retain({ maxAgeSeconds: 0, force: true })
  await store.writeSpans([span({ trace: 'b', id: '2' }), span({ trace: 'b', id: '3' })])
  const parts = await partsOf(id)
  expect([rowsIn(parts, 'span'), rowsIn(parts, 'content')]).toEqual([1, expect.any(Number)])
  const { rows } = await store.sql('SELECT count(*) FROM v_span')
  expect(rows).toEqual([[2]])
})

it('what is not fetched is removed with it, and what was fetched is gone', async () => {
  const { id } = await store.openBackup([])
  const [part] = await partsOf(id)
  const name = part?.name ?? ''
  const staged = () =>
    readdirSync(tmpdir(), { recursive: true, encoding: 'utf8' }).filter((path) => path.includes(id))
  expect(staged().length).toBeGreaterThan(1)
  expect((await store.readBackup(id, name, 0)).isLast).toBe(true)
  await expect(store.readBackup(id, name, 0)).rejects.toMatchObject({ code: 'T2_BACKUP_GONE' })
  await store.closeBackup(id)
  expect(staged()).toEqual([])
  await expect(store.backupParts(id, 0)).rejects.toMatchObject({ code: 'T2_BACKUP_GONE' })
})

it.each(['../../etc/passwd', 'span-x.parquet', '', `span-${'0'.repeat(32)}.parquet`])(
  'no other file can be read: %j',
  async (name) => {
    const { id } = await store.openBackup([])
    await partsOf(id)
    await expect(store.readBackup(id, name, 0)).rejects.toMatchObject({ code: 'T2_BACKUP_GONE' })
  },
)
