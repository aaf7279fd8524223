import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@trace2/collector/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { heldOutTickets } from '../tickets/held-out.ts'
import { trainTickets } from '../tickets/train.ts'
import { type DemoResult, runDemo } from './demo.ts'

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
      // Before, after each of the two rounds, and the held-out tickets before and after.
      expect(runs).toHaveLength(3 * trainTickets.length + 2 * heldOutTickets.length)
      expect(runs.filter((run) => run.feedback > 0)).toHaveLength(2 * trainTickets.length)
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
