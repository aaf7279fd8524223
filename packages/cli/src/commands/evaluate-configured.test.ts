import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { expect, test } from 'vitest'
import { command } from '../testing/command.ts'
import { refundAgentFile, refundWorkplace } from '../testing/refund-workplace.ts'

const guides = [{ kind: 'regex', name: 'pays', pattern: 'refund' }]

/** The refund agent with a configuration: no command here names an agent or a guide. */
async function configured(config: object = {}, given: Parameters<typeof refundWorkplace>[0] = {}) {
  const place = await refundWorkplace(given)
  const all = { agent: `${refundAgentFile}#agent`, guides, ...config }
  writeFileSync(join(place.cwd, 'trace2.config.json'), JSON.stringify(all))
  return place
}

test('agent, guides, budget and gate come from the configuration, and flags outrank them', async () => {
  const { trace2, log } = await configured({
    budgets: { maxTrials: 4 },
    gate: { worth: 0.2, guards: { errors: '+0.02' } },
  })
  const { experiment, spent, candidates } = JSON.parse((await trace2('evaluate', '--json')).out)
  expect(experiment).toMatchObject({ mode: 'replay', guides: ['pays'], status: 'stopped' })
  expect(spent.trials).toBe(4)
  expect(candidates[0].report.guards).toMatchObject([{ name: 'errors', allowed: 0.02 }])
  expect((await trace2('evaluate', '--dry-run')).out).toContain('A gain of 20 points')
  expect((await trace2('evaluate', '--dry-run', '--worth', '10')).out).toContain(
    'gain of 10 points',
  )
  const flagged = JSON.parse(
    (await trace2('evaluate', '--json', '--regex', 'x', '--max-trials', '6')).out,
  )
  expect(flagged.experiment.guides).toEqual(['regex'])
  expect(flagged.spent.trials + flagged.spent.cached).toBeGreaterThan(4)
  expect(existsSync(log)).toBe(false)
}, 60_000)

test('policies of the replay are those of the configuration', async () => {
  const { trace2 } = await configured({
    replay: { look_up: { stub: { id: 'stubbed', open: true } } },
  })
  const { candidates } = JSON.parse((await trace2('evaluate', '--json')).out)
  expect(candidates[0].rows[0].ownTrials[0].output.order).toBe('stubbed')
}, 60_000)

test('a binding policy has nothing accepted without a verdict or a reason', async () => {
  const { trace2 } = await configured({ gate: { policy: 'binding' } })
  const refused = await trace2('accept', 'p-0001')
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('T2_NOT_BETTER')
  expect((await trace2('accept', 'p-0001', '--override', 'a test')).code).toBe(0)
}, 60_000)

test('a verdict that is not `better` ends with 0, and with 1 where it is checked', async () => {
  const { trace2 } = await configured({}, { runs: 12 })
  const refused = await trace2('verdict')
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('T2_HOLDOUT_SMALL')
  const decided = await trace2('verdict', '--open-holdout')
  expect(decided.code).toBe(0)
  expect(decided.out).toContain('not enough evidence')
  const checked = await trace2('verdict', '--open-holdout', '--check')
  expect(checked.code).toBe(1)
  expect(checked.out).toContain('not enough evidence')
  expect(checked.err).toContain('T2_CHECK')
}, 60_000)

test('what a parameters file changes is tried, and told as Markdown', async () => {
  const { cwd, trace2 } = await configured()
  const file = (limit: number) =>
    JSON.stringify({ trace2: 1, parameters: { 'refunds.limit': { value: limit } } })
  writeFileSync(join(cwd, 'base.json'), file(50))
  writeFileSync(join(cwd, 'trace2.parameters.json'), file(90))
  const args = ['evaluate', '@trace2.parameters.json', '--together', '--parameters', 'base.json']
  const { out, code } = await trace2(...args, '--markdown')
  expect(code).toBe(0)
  expect(out).toContain('#### `refunds.limit`\n\n```diff\n-50\n+90\n```')
  expect(out).toContain('on cases that select')
  const nothing = await trace2('evaluate', '@trace2.parameters.json')
  expect(nothing.err).toContain('every value is in force already')
}, 60_000)

test('several values of a parameter are several candidates, and together they are refused', async () => {
  const { trace2 } = await configured()
  const values = ['refunds.limit=70', 'refunds.limit=90']
  const { out } = await trace2('evaluate', ...values, '--cases', '0')
  expect(out).toContain('Of 2 candidates')
  expect(out.replace(/\s+/g, ' ')).toContain('on the cases that choose among 2 candidates')
  expect((await trace2('evaluate', ...values, '--together')).err).toContain('given two values')
}, 60_000)

test('a dataset that evaluate made follows the runs and what is said of them, until a verdict has looked', async () => {
  const { cwd, trace2 } = await configured({ guides: [] })
  const unsaid = await trace2('evaluate')
  expect(unsaid.err).toContain('T2_NO_GUIDE')
  expect(unsaid.err.replace(/\s+/g, ' ')).toContain('`trace2 dataset runs --from-runs --add`')
  const runs = JSON.parse((await trace2('runs', '--limit', '0', '--json')).out)
  const said = runs.map(({ id }: { readonly id: string }) => ({
    traceId: id,
    name: 'correction',
    comment: 'refund',
  }))
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  for (const piece of said) await store.addFeedback({ ...piece, spanId: null })
  await store.close()
  const { experiment } = JSON.parse((await trace2('evaluate', '--json')).out)
  expect(experiment).toMatchObject({ dataset: 'runs', datasetVersion: 2, guides: ['exact'] })
  await trace2('verdict')
  await trace2('import', 'runs.binpb')
  const latest = async () => JSON.parse((await trace2('datasets', '--json')).out)[0].version
  const before = await latest()
  await trace2('evaluate')
  expect(await latest()).toBe(before)
}, 90_000)

test('references of a file become those of the cases of runs', async () => {
  const { cwd, trace2 } = await configured({ guides: [] })
  const input = { id: 'o-3', amount: 111 }
  writeFileSync(
    join(cwd, 'expected.json'),
    JSON.stringify([{ input, reference: { order: 'o-3', decision: 'refund' } }]),
  )
  const made = await trace2(
    'dataset',
    'd',
    '--from-runs',
    '--references',
    'expected.json',
    '--json',
  )
  expect(JSON.parse(made.out).description.references).toBe(1)
  expect((await trace2('evaluate')).err).not.toContain('T2_NO_GUIDE')
}, 60_000)

test('a guide that asks a model takes that of the configuration, and says so where none is named', async () => {
  const rubric = { kind: 'rubric', rubric: 'The answer must say "refund".' }
  const { cwd, trace2 } = await configured({ guides: [rubric] }, { runs: 4 })
  const env = { TRACE2_MODEL: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }
  const unnamed = await command(['evaluate', '--split', 'train'], { cwd, env })
  expect(unnamed.err.replace(/\s+/g, ' ')).toContain('T2_MODEL_UNSET: guides[0] of')
  expect(unnamed.err).toContain('models')
  writeFileSync(
    join(cwd, 'trace2.config.json'),
    JSON.stringify({ agent: `${refundAgentFile}#agent`, guides: [rubric], models: { model: 'm' } }),
  )
  const named = await trace2('evaluate', '--split', 'train', '--json')
  expect(named.err).not.toContain('guides[0]')
}, 60_000)

test('judge applies the guides of the configuration where none is given', async () => {
  const more = { kind: 'contains', name: 'asks', text: 'colleague' }
  const { trace2 } = await configured({ guides: [...guides, more] }, { runs: 4 })
  const all = JSON.parse((await trace2('judge', '--json')).out)
  expect(all.map(({ guide }: { readonly guide: string }) => guide)).toEqual(['pays', 'asks'])
  expect(all.flatMap(({ feedback }: { readonly feedback: unknown[] }) => feedback)).toHaveLength(8)
  const one = JSON.parse((await trace2('judge', '--json', '--contains', 'x')).out)
  expect(one.guide).toBe('contains')
}, 60_000)
