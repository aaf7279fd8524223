import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@trace2/collector/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
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
  })
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
      'npx trace2 graph',
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

  test('never touches the data of an earlier demo', async () => {
    const again = await runDemo({ directory: parent, print: () => {}, environment: {}, rounds: 1 })
    expect(again.directory).not.toBe(result.directory)
    expect((await stat(join(result.directory, 'trace2.duckdb'))).isFile()).toBe(true)
    // The earlier demo's accepted values do not leak into a new one.
    expect(again.before).toEqual(result.before)
  })
})

test('with a key in the environment, the demo uses the endpoint and the model it names', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
  const endpoint = await startSimulatedModel({ seed: 5 })
  let printed = ''
  try {
    const { simulated } = await runDemo({
      directory: parent,
      rounds: 1,
      print: (text) => {
        printed += `${text}\n`
      },
      environment: {
        OPENAI_API_KEY: 'secret',
        OPENAI_BASE_URL: endpoint.url,
        TRACE2_MODEL: CHAT_MODEL,
      },
    })
    expect(simulated).toBe(false)
    // Two calls per run and one of the optimizer.
    const runs = 2 * (trainTickets.length + heldOutTickets.length)
    expect(endpoint.requests()).toBe(2 * runs + 1)
    expect(printed).toContain(`Model: ${CHAT_MODEL} at ${endpoint.url}`)
    expect(printed).not.toContain('(simulated model)')
    expect(printed).not.toContain('secret')
  } finally {
    await endpoint.close()
    await rm(parent, { recursive: true, force: true })
  }
})
