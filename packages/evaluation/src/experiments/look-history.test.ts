import { openStore, type Store } from '@trace2/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  qualityOf,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { evaluate } from './evaluate.ts'
import { LookHistory } from './look-history.ts'
import { ledgerOf } from './looks.ts'
import { verdictOn } from './verdict.ts'

const base = baseCandidate({ quality: 0.2 })
/** Right on all cases, by luck alone as far as anybody knows. */
const candidate = candidateOf('p-1', { quality: 1 }, ['p-1'])
const other = candidateOf('p-2', { quality: 0.9 }, ['p-2'])

interface Copy {
  readonly name?: string
  readonly role?: string
  readonly prefix?: string
  readonly from?: number
  readonly split?: 'holdout' | 'validation'
}

const size = 20

/** A dataset that asks the same numbers by another name, role or grouping. */
async function copyOf(store: Store, given: Copy = {}) {
  const { name = 'cases', role = 'value', prefix = '', from = 0, split = 'holdout' } = given
  const cases = Array.from({ length: size }, (_, index) => {
    const plain = sampleCase(from + index)
    const id = `${role === 'value' ? '' : role}${plain.id}`
    return { ...plain, id, inputs: { [role]: from + index }, group: `${prefix}${index}`, split }
  })
  const { version } = await store.addDataset({ name, origin: 'a test', cases })
  return { ...sampleDataset(cases, name), version }
}

function shared(store: Store) {
  const agent = sampleAgent((request) => ({ output: qualityOf(request) }))
  return { store, base, agent, scorer: scorerOf() }
}

test('the holdout is not evaluated unless one says that it may be given up', async () => {
  const store = await memoryStore()
  const dataset = await copyOf(store)
  const given = { ...shared(store), dataset, split: 'holdout' as const, candidates: [candidate] }
  await expect(evaluate(given)).rejects.toMatchObject({ code: 'T2_HOLDOUT_SEALED' })
  expect(given.agent.asked).toHaveLength(0)
  expect(await store.experiments()).toEqual([])
  const { candidates } = await evaluate({ ...given, openHoldout: true })
  expect(candidates[0]?.rows).toHaveLength(size)
})

test.each<[string, Copy]>([
  ['as they are', {}],
  ['with another role', { role: 'input' }],
])('the holdout of another dataset is not evaluated unasked: %s', async (_, copy) => {
  const store = await memoryStore()
  await copyOf(store)
  const dataset = await copyOf(store, { name: 'copy', split: 'validation', ...copy })
  const given = { ...shared(store), dataset, candidates: [candidate] }
  await expect(evaluate(given)).rejects.toMatchObject({
    code: 'T2_HOLDOUT_SEALED',
    message: expect.stringContaining('The dataset cases keeps 20 cases of these as its holdout'),
  })
  expect(given.agent.asked).toHaveLength(0)
  await evaluate({ ...given, openHoldout: true })
})

test.each<[string, Copy]>([
  ['the holdout', {}],
  ['the holdout under another name', { name: 'copy' }],
  ['the holdout with another role and other groups', { name: 'copy', role: 'input', prefix: 'g' }],
  ['the same cases, as validation of another dataset', { name: 'copy', split: 'validation' }],
])('%s that an evaluation has shown decides nothing', async (_, copy) => {
  const store = await memoryStore()
  const dataset = await copyOf(store)
  const { split = 'holdout' } = copy
  const seen = await copyOf(store, copy)
  const given = { ...shared(store), openHoldout: true }
  await evaluate({ ...given, dataset: seen, split, candidates: [candidate, other] })
  for (const tried of [candidate, other, candidateOf('p-3', { quality: 0.8 })]) {
    const decided = verdictOn({ ...shared(store), dataset, candidate: tried })
    await expect(decided).rejects.toMatchObject({ code: 'T2_HOLDOUT_CHOSEN' })
  }
  expect((await store.looks()).filter(({ purpose }) => purpose === 'decision')).toEqual([])
})

test('what an evaluation has shown in part is left out, and the rest decides', async () => {
  const store = await memoryStore()
  const dataset = await copyOf(store)
  await evaluate({
    ...shared(store),
    dataset,
    split: 'holdout',
    openHoldout: true,
    candidates: [other],
    limit: 8,
  })
  const { plan, verdict, looks } = await verdictOn({ ...shared(store), dataset, candidate })
  expect(plan).toMatchObject({ groups: size - 8, shown: 8 })
  expect(verdict.verdict).toBe('better')
  const [shown] = (await store.looks()).filter(({ purpose }) => purpose === 'selection')
  const read = new Set(looks.flatMap(({ groups }) => groups))
  expect(shown?.groups.filter((group) => read.has(group))).toEqual([])
})

test('cases that a test had read before they were shown still count for it', async () => {
  const store = await memoryStore()
  const dataset = await copyOf(store)
  const before = await verdictOn({ ...shared(store), dataset, candidate, perLook: 5 })
  await evaluate({
    ...shared(store),
    dataset,
    split: 'holdout',
    openHoldout: true,
    candidates: [candidate],
  })
  const after = await verdictOn({ ...shared(store), dataset, candidate, perLook: 5 })
  expect(after.report).toEqual(before.report)
})

test('evaluating on validation makes no verdict dearer', async () => {
  const store = await memoryStore()
  const validation = await copyOf(store, { split: 'validation', from: 1000 })
  const holdout = await copyOf(store)
  const dataset = { ...holdout, cases: [...validation.cases, ...holdout.cases] }
  for (const quality of [0.3, 0.4, 0.5, 0.6]) {
    const candidates = [candidateOf(`p-${quality}`, { quality })]
    await evaluate({ ...shared(store), dataset, candidates })
  }
  const { looks } = await verdictOn({ ...shared(store), dataset, candidate })
  expect(looks[0]?.spent).toBeCloseTo(0.025, 12)
})

test('a copy of a dataset has the budget and the fresh groups that its cases have', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('copy', 'a', 'zz'),
      fc.constantFrom('value', 'input', 'ticket'),
      fc.constantFrom('', 'g'),
      fc.integer({ min: 0, max: 2 * size }),
      async (name, role, prefix, from) => {
        const store = await openStore(':memory:')
        try {
          const first = await verdictOn({
            ...shared(store),
            dataset: await copyOf(store),
            candidate: candidateOf('p-0', { quality: 0.21 }, ['p-0']),
          })
          const read = new Set(first.looks.flatMap(({ groups }) => groups)).size
          const copy = await copyOf(store, { name, role, prefix, from })
          const { decisions } = await new LookHistory(store, copy, 'holdout').read()
          const readHere = new Set(decisions.flatMap(({ groups }) => groups)).size
          // Asked are the numbers from `from` on; the first dataset has those from 0 on.
          const common = Math.max(size - from, 0)
          if (read === size) expect(readHere).toBe(common)
          expect(ledgerOf(decisions, 0.05).left).toBeCloseTo(readHere > 0 ? 0.025 : 0.05, 12)
        } finally {
          await store.close()
        }
      },
    ),
    { numRuns: 6 },
  )
})

test('two datasets that came to share their cases have no more than nothing left', async () => {
  const store = await memoryStore()
  const apart = [await copyOf(store), await copyOf(store, { name: 'b', from: 1000 })]
  for (const dataset of apart) {
    for (const quality of [0.21, 0.22, 0.23]) {
      await verdictOn({ ...shared(store), dataset, candidate: candidateOf('p', { quality }) })
    }
  }
  const cases = apart.flatMap((one) => one.cases.map((each) => ({ ...each, group: each.id })))
  const dataset = { ...sampleDataset(cases, 'both'), version: 1 }
  const decided = verdictOn({ ...shared(store), dataset, candidate })
  await expect(decided).rejects.toMatchObject({ code: 'T2_LEDGER_SPENT' })
})
