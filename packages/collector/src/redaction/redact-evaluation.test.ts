import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NewDataset, Trial } from '@trace2/store'
import { openStore } from '@trace2/store'
import { expect, it } from 'vitest'
import { caseOf, trialOf } from '../../../store/src/testing/evaluations.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { redactDataset, redactTrials } from './redact-evaluation.ts'
import { Redactor } from './redactor.ts'

const directory = temporaryDirectory()
const secret = 'bob@customer.example'
const redaction = {
  key: 'a-key-that-nobody-knows',
  rules: [
    { name: 'email', preset: 'email' as const },
    { name: 'internal', keys: ['internal_note'] },
  ],
}

it('lets nothing of what the rules name reach the disk with a dataset or a trial', async () => {
  const db = join(directory, 'evaluation.duckdb')
  const collector = await startCollector({ db, port: 0, redaction })
  const store = await openStore(collector.url)
  const full = caseOf('c1', {
    inputs: { ticket: `from ${secret}`, internal_note: secret, deep: [{ to: secret }], count: 5 },
    reference: { answer: secret },
    group: secret,
    feedback: [{ name: 'n', score: 1, label: secret, comment: secret, source: 'human' }],
    metadata: { [secret]: 1, internal_note: 'hidden' },
  })
  const cases = [full, caseOf('c2', { group: secret })]
  const added = await store.addDataset({ name: 'd', origin: 'o', cases })
  expect(await store.addDataset({ name: 'd', origin: 'o', cases })).toEqual(added)
  const output = { answer: `write to ${secret}`, internal_note: { a: 1 } }
  const scores = [{ guide: 'g', score: 1, label: null, comment: secret, error: secret }]
  await store.putTrials([trialOf('t-1', { output, scores, reason: secret })])
  const [first, second] = (await store.dataset('d')).cases
  expect(first?.inputs).toEqual({
    ticket: expect.stringMatching(/^from \[redacted:email:\w{16}\]$/),
    internal_note: expect.stringContaining('[redacted:internal:'),
    deep: [{ to: expect.stringContaining('[redacted:email:') }],
    count: 5,
  })
  expect(first?.id).toMatch(/^\w{2}$/)
  expect(first?.id).not.toBe('c1')
  expect(second?.id).toBe('c2')
  expect(second?.group).toBe(first?.group)
  const [trial] = await store.trials('e-1')
  expect(trial).toMatchObject({ id: 't-1', traceId: trialOf('t-1').traceId, latencyMs: 5 })
  await collector.close()
  for (const path of [db, `${db}.journal/data.mdb`]) {
    const bytes = readFileSync(path)
    expect([path, bytes.includes(secret), bytes.includes('hidden')]).toEqual([path, false, false])
  }
})

it('leaves what no rule names, and what is malformed, as it is', () => {
  const redactor = new Redactor(redaction)
  const dataset: NewDataset = {
    name: 'd',
    origin: 'o',
    cases: [caseOf('a', { metadata: { n: 1.5 } })],
  }
  expect(redactDataset(dataset, redactor)).toEqual(dataset)
  const trials = [trialOf('t', { output: [1e21, 'a', null, { '': true }] })]
  expect(redactTrials(trials, redactor)).toEqual(trials)
  for (const malformed of ['null', '5', '"x"', '[5]']) {
    const cases: NewDataset['cases'] = JSON.parse(malformed)
    expect(() => redactDataset({ ...dataset, cases }, redactor)).not.toThrow()
    const received: Trial[] = JSON.parse(malformed)
    expect(() => redactTrials(received, redactor)).not.toThrow()
  }
})
