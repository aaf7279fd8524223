import { openStore, type Store } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { type Draft, draftOf } from './draft.ts'
import { parseShares } from './shares.ts'
import { putDataset, removeCases } from './versions.ts'

async function emptyStore(): Promise<Store> {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  return store
}

const inputs = (...texts: string[]): Draft[] => texts.map((input) => draftOf({ input }))
const origin = 'a file'

test('adding, replacing and removing make versions in which a case keeps its place', async () => {
  const store = await emptyStore()
  const first = await putDataset(store, 'd', inputs('a', 'b'), { origin })
  expect(first).toMatchObject({ added: 2, same: false, version: { version: 1 } })
  const places = new Map((await store.dataset('d')).cases.map((each) => [each.id, each]))
  const second = await putDataset(store, 'd', inputs('b', 'c'), { origin, keep: true })
  expect(second).toMatchObject({ added: 1, unchanged: 2, removed: 0, version: { version: 2 } })
  const third = await putDataset(store, 'd', inputs('b', 'd'), { origin, keep: false })
  expect(third).toMatchObject({ added: 1, unchanged: 1, removed: 2, version: { version: 3 } })
  const { cases } = await store.dataset('d')
  const kept = cases.filter(({ id }) => places.has(id))
  expect(kept).toEqual(kept.map(({ id }) => places.get(id)))
  expect(kept).toHaveLength(1)
  const removed = await removeCases(store, 'd', [kept[0]?.id.slice(0, 6) ?? ''])
  expect(removed).toMatchObject({ removed: 1, unchanged: 1, version: { version: 4 } })
  expect((await store.dataset('d', 1)).cases).toEqual([...places.values()])
})

test('the same cases again are no new version', async () => {
  const store = await emptyStore()
  await putDataset(store, 'd', inputs('a', 'b'), { origin })
  const again = await putDataset(store, 'd', inputs('b', 'a', 'a'), {
    origin: 'another',
    keep: false,
  })
  expect(again).toMatchObject({ same: true, version: { version: 1 }, unchanged: 2, merged: 1 })
})

test('what is added later is split by the shares of the first version', async () => {
  const store = await emptyStore()
  await putDataset(store, 'd', inputs('a'), { origin, shares: parseShares('0/0/100') })
  const more = Array.from({ length: 20 }, (_, at) => String(at))
  await putDataset(store, 'd', inputs(...more), { origin })
  expect(new Set((await store.dataset('d')).cases.map(({ split }) => split))).toEqual(
    new Set(['holdout']),
  )
  const [only] = (await store.dataset('d')).cases
  await removeCases(store, 'd', [only?.id ?? ''])
  await putDataset(store, 'd', inputs('x', 'y', 'z'), { origin })
  expect((await store.dataset('d')).counts.splits).toEqual({ train: 0, validation: 0, holdout: 23 })
  await expect(
    putDataset(store, 'd', inputs('b'), { origin, shares: parseShares('60/20/20') }),
  ).rejects.toMatchObject({ code: 'T2_DATASET_SHARES' })
})

test('what would leave nothing, and what there is not, is refused', async () => {
  const store = await emptyStore()
  await expect(putDataset(store, 'd', [], { origin })).rejects.toMatchObject({
    code: 'T2_DATASET_EMPTY',
  })
  await putDataset(store, 'd', inputs('a'), { origin })
  const [only] = (await store.dataset('d')).cases
  await expect(removeCases(store, 'd', [only?.id ?? ''])).rejects.toMatchObject({
    code: 'T2_DATASET_EMPTY',
  })
  for (const id of ['nothing', '']) {
    await expect(removeCases(store, 'd', [id])).rejects.toMatchObject({ code: 'T2_CASE_UNKNOWN' })
  }
  await expect(removeCases(store, 'e', ['a'])).rejects.toMatchObject({ code: 'T2_DATASET_UNKNOWN' })
  await expect(putDataset(store, 'no name', inputs('a'), { origin })).rejects.toMatchObject({
    code: 'T2_DATASET_NAME',
  })
})

test('half of a surrogate pair does not make a case another one in the store', async () => {
  const store = await emptyStore()
  const drafts = [draftOf({ input: 'a\ud800' }, { reference: '\udc00' })]
  await putDataset(store, 'd', drafts, { origin })
  expect(await putDataset(store, 'd', drafts, { origin })).toMatchObject({ same: true, added: 0 })
})
