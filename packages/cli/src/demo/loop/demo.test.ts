import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { heldOutTickets } from '../tickets/held-out.ts'
import { trainTickets } from '../tickets/train.ts'
import { type DemoResult, runDemo } from './demo.ts'
import { splitTickets } from './proof.ts'

describe('the demo with the simulated model', () => {
  let parent: string
  let result: DemoResult
  let printed = ''
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
    const print = (text: string) => {
      printed += `${text}\n`
    }
    result = await runDemo({ directory: parent, print, environment: {} })
  }, 120_000)
  afterAll(() => rm(parent, { recursive: true, force: true }))

  test('raises the score on tickets that nothing was learned from', () => {
    const { before, after } = result
    expect(after.heldOut.overall).toBeGreaterThan(before.heldOut.overall)
    for (const step of ['category', 'decision', 'reply'] as const) {
      expect(after.heldOut[step]).toBeGreaterThan(before.heldOut[step])
    }
  })

  test('shows each stage, and says where figures are simulated', () => {
    for (const text of [
      'simulated model',
      'held-out tickets',
      'triage.classify',
      '← category 0: The category should be',
      '  + - If the ticket mentions',
      'Cost of this step',
      'trace2.parameters.json',
      ' graph ',
    ]) {
      expect(printed).toContain(text)
    }
    for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(200)
  })

  test('leaves a database with every run, its feedback and the accepted proposals', async () => {
    const store = await openStore(join(result.directory, 'trace2.duckdb'))
    try {
      const runs = await store.runs({ limit: 0 })
      const { train, holdout } = splitTickets(trainTickets, heldOutTickets)
      // All before, those learned from after each of the two rounds, the held-out tickets at the end. No trials.
      const before = trainTickets.length + holdout.length
      expect(runs).toHaveLength(before + 2 * train.length + holdout.length)
      expect(runs.filter((run) => run.feedback > 0)).toHaveLength(2 * train.length)
      const sql = /sql "(.*)"/.exec(printed)?.[1] ?? ''
      expect((await store.sql(sql)).rows.map(([name]) => name).sort()).toEqual([
        'category',
        'decision',
        'reply',
      ])
      const proposals = await store.proposals({ status: 'accepted' })
      expect(proposals.map(({ id }) => id).sort()).toEqual([...result.accepted].sort())
      expect(new Set(proposals.map(({ parameter }) => parameter))).toEqual(
        new Set(['triage.classify', 'triage.refund_limit', 'triage.reply']),
      )
    } finally {
      await store.close()
    }
  })

  test('tries proposals and decides on them before they are accepted', async () => {
    const { evaluations, verdicts } = result
    expect(evaluations).toHaveLength(2)
    expect(verdicts).toHaveLength(2)
    for (const { trials, executed, served, before, after } of evaluations) {
      // Four steps in each trial: each ran or was answered.
      const calls = [...Object.values(executed), ...Object.values(served)]
      expect(calls.reduce((sum, count) => sum + count, 0)).toBe(4 * trials)
      const { validation } = splitTickets(trainTickets, heldOutTickets)
      expect(trials).toBe(2 * validation.length)
      expect(after ?? 0).toBeGreaterThanOrEqual(before ?? 1)
    }
    expect(printed).toContain('answered from stored runs')
    const store = await openStore(join(result.directory, 'trace2.duckdb'))
    try {
      const [found] = await store.verdicts({ proposal: result.accepted[0] ?? '' })
      expect(found?.verdict).toBe(verdicts[0]?.verdict)
      const { cases } = await store.dataset('tickets')
      expect(cases).toHaveLength(trainTickets.length + heldOutTickets.length)
      // Nobody said anything about the runs that try and decide.
      const judged = cases.filter(({ feedback }) => feedback.length > 0)
      expect(new Set(judged.map(({ split }) => split))).toEqual(new Set(['train']))
    } finally {
      await store.close()
    }
  })

  test('leaves a parameters file with the accepted values', async () => {
    const text = await readFile(join(result.directory, 'trace2.parameters.json'), 'utf8')
    const file: unknown = JSON.parse(text)
    expect(file).toMatchObject({
      trace2: 1,
      parameters: {
        'triage.classify': { value: expect.stringContaining('If the ticket mentions') },
      },
    })
  })
})
