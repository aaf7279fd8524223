import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { refundAgentFile, refundWorkplace } from '../testing/refund-workplace.ts'

const module = ['--agent', `${refundAgentFile}#agent`]

const score = ['--regex', 'refund']

test('a proposal is tried on stored runs, without their effects, and shown case by case', async () => {
  const { trace2, log } = await refundWorkplace()
  const shown = await trace2('evaluate', ...module, ...score)
  expect(shown.code).toBe(0)
  expect(shown.out.split('\n').every((line) => line.length <= 80)).toBe(true)
  expect(shown.out).toContain('p-0001')
  expect(shown.out).toContain('replayed runs')
  expect(shown.out).toMatch(/Effect: \+\d/)
  expect(shown.out).toContain('+   "decision": "refund"')
  expect(shown.err).toContain('No dataset yet: made runs of 40 stored runs')
  expect(existsSync(log)).toBe(false)
  // Trials are no production runs.
  expect((await trace2('runs', '--limit', '0', '--json')).out).not.toContain('"experiment": "e-')

  const again = JSON.parse((await trace2('evaluate', ...module, ...score, '--json')).out)
  expect(again.candidates[0].rows).toHaveLength(7)
  expect(again.experiment.status).toBe('done')
}, 60_000)

test('a verdict is given, kept, and part of the report', async () => {
  const { trace2 } = await refundWorkplace({ runs: 120, value: 500 })
  const decided = await trace2('verdict', ...module, ...score)
  expect(decided.code).toBe(0)
  expect(decided.out).toMatch(/^Verdict {2}better$/m)
  expect(decided.out).toContain('Left of the holdout:')
  const markdown = (await trace2('report', 'p-0001')).out
  expect(markdown).toContain('### Trace2: ✅ better')
  expect(markdown).toContain('```diff')
  const json = JSON.parse((await trace2('report', 'p-0001', '--format', 'json')).out)
  expect(json.verdict.stored.verdict).toBe('better')
}, 60_000)

test('values are tried by name, from a file too', async () => {
  const { cwd, trace2 } = await refundWorkplace()
  writeFileSync(join(cwd, 'cases.jsonl'), '')
  const shown = await trace2('evaluate', 'refunds.limit=90', ...module, ...score)
  expect(shown.err.replace(/\s+/g, ' ')).toContain('write it into the parameters file')
  const { out } = await trace2('evaluate', 'refunds.limit=90', ...module, ...score, '--json')
  const { candidates, experiment } = JSON.parse(out)
  expect(candidates[0].candidate.values['refunds.limit'].value).toBe(90)
  expect(experiment.candidates[0].values['refunds.limit'].value).toBe(50)
}, 60_000)

test('a value that the parameter does not take is refused before any trial', async () => {
  const { trace2 } = await refundWorkplace({ runs: 12 })
  const told = await trace2('evaluate', 'refunds.limit=5000', ...module, ...score, '--json')
  expect(told.err).toContain('refunds.limit does not take that value')
  expect(told.out).toBe('')
}, 60_000)

test.each([
  [
    'a parameter that no run has used',
    ['evaluate', 'nobody=1', ...module, ...score],
    'T2_PARAMETER_NAMED',
  ],
  ['a proposal that is none', ['evaluate', 'p-9', ...module, ...score], 'T2_PROPOSAL_UNKNOWN'],
  [
    'what is in force already',
    ['evaluate', 'refunds.limit=50', ...module, ...score],
    'T2_CANDIDATE',
  ],
  [
    'an agent that is not there',
    ['evaluate', '--agent', './none.ts#agent', ...score],
    'T2_AGENT_LOAD',
  ],
  ['nothing that says what is good', ['evaluate', ...module], 'T2_NO_GUIDE'],
  [
    'a dataset that is none',
    ['evaluate', '--dataset', 'none', ...module, ...score],
    'T2_DATASET_UNKNOWN',
  ],
  ['a report of what nothing tried', ['report', 'p-0001'], 'T2_NOT_EVALUATED'],
])(
  '%s is said with a code',
  async (_, args, code) => {
    const { trace2 } = await refundWorkplace({ runs: 12 })
    const told = await trace2(...args)
    expect(told.code).toBe(1)
    expect(told.err).toContain(code)
  },
  60_000,
)

test('a limit on trials stops it, and the same command goes on', async () => {
  const { trace2 } = await refundWorkplace()
  const first = await trace2('evaluate', ...module, ...score, '--max-trials', '4')
  expect(first.out).toContain('limit of 4 trials')
  const { spent, experiment } = JSON.parse(
    (await trace2('evaluate', ...module, ...score, '--json')).out,
  )
  expect(experiment.status).toBe('done')
  expect(spent.trials).toBeGreaterThan(4)
}, 60_000)

test('the log of effects would show a call', async () => {
  const { log, trace2 } = await refundWorkplace({ runs: 12 })
  await trace2('evaluate', ...module, ...score, '--no-replay', '--limit', '1')
  expect(readFileSync(log, 'utf8')).not.toBe('')
}, 60_000)

test('why trials have no score is said, and a command agent without spans can be tried', async () => {
  const cwd = temporaryDirectory()
  const trace2 = (...args: string[]) => command(args, { cwd, env: { COLUMNS: '80' } })
  const cases = Array.from({ length: 10 }, (_, at) => JSON.stringify({ input: `case ${at}` }))
  writeFileSync(join(cwd, 'cases.jsonl'), `${cases.join('\n')}\n`)
  writeFileSync(join(cwd, 'agent.mjs'), 'process.stderr.write("no luck"); process.exit(3)')
  const made = await trace2('dataset', 'c', '--file', 'cases.jsonl', '--shares', '0/100/0')
  expect(made.code).toBe(0)
  const agentOf = ['--agent-command', 'node agent.mjs', '--contains', 'x', '--parallel', '1']
  const shown = await trace2('evaluate', 'tone=loud', ...agentOf)
  expect(shown.out).toMatch(/Without a score, (base|candidate): \d trials? \w+ \(.*exit/)
}, 60_000)
