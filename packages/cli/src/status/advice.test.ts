import { expect, test } from 'vitest'
import { adviceFor, type Situation } from './advice.ts'
import type { Content } from './content.ts'
import type { LastCall } from './last-call.ts'
import type { LastDeployment } from './last-deployment.ts'
import { callProblems } from './problems.ts'

const step: LastCall = {
  asker: 'step',
  state: 'done',
  model: 'm',
  error: '',
  answered: true,
  superseded: false,
  newFeedback: 0,
}
const accepted: LastDeployment = {
  action: 'accept',
  parameter: 'a.b',
  version: '0123456789abcdef',
  at: '2026-01-01T00:00:00.000Z',
  runs: 0,
  judged: 0,
}
const proposals: Content['proposals'] = {
  open: [],
  accepted: 0,
  rejected: 0,
  rolledBack: [],
  verdicts: {},
  outdated: [],
}
const content: Content = {
  runs: { count: 3, failed: 0, last: null },
  feedback: { count: 1, runs: 1 },
  parameters: 1,
  proposals,
  datasets: [],
  step: null,
  guide: null,
  deployment: null,
}
const situation: Situation = {
  content,
  expected: true,
  remote: false,
  isMissed: false,
  isModelNamed: true,
  collector: 'http://h',
}
const holding = (change: Partial<Content>): Partial<Situation> => ({
  content: { ...content, ...change },
})

test.each<[string, Partial<Situation>, string, string]>([
  ['a file that cannot be read', { content: null }, '', 'trace2 doctor'],
  [
    'a step that has not ended',
    holding({ step: { ...step, state: 'started' } }),
    'not ended',
    'trace2 optimize',
  ],
  ['a step that saw everything', holding({ step }), 'seen all feedback', 'trace2 feedback last'],
  ['feedback since', holding({ step: { ...step, newFeedback: 1 } }), '', 'trace2 optimize'],
  [
    'an acceptance, and a guide asked since',
    holding({
      step: { ...step, superseded: true, newFeedback: 4 },
      guide: { ...step, asker: 'guide' },
      deployment: accepted,
    }),
    'a.b is now @01234567. No run has used it since',
    'trace2 runs',
  ],
  [
    'an acceptance of a name that a shell would obey',
    holding({ deployment: { ...accepted, parameter: '$(x)', runs: 2, judged: 1 } }),
    '2 runs have used it since, 1 with feedback.',
    'trace2 optimize',
  ],
  [
    'an acceptance and a step since',
    holding({ step: { ...step, newFeedback: 2 }, deployment: accepted }),
    '',
    'trace2 optimize',
  ],
  ['no parameter', holding({ parameters: 0 }), 'parameter(name, value)', 'trace2 parameters'],
  ['no model named', { isModelNamed: false }, 'TRACE2_MODEL', 'trace2 optimize'],
  ['a collector that is gone', { isMissed: true, collector: undefined }, '', 'trace2 collect'],
])('after %s', (_what, change, hint, command) => {
  const advice = adviceFor({ ...situation, ...change })
  if (hint === '') expect(advice.hint).toBe('')
  else expect(advice.hint).toContain(hint)
  expect(advice.commands[0]).toContain(command)
  expect(new Set(advice.commands).size).toBe(advice.commands.length)
})

test.each<[string, Partial<Content['proposals']>, readonly string[], readonly string[]]>([
  [
    'nobody has tried them',
    {},
    [],
    ['trace2 show p-1', 'trace2 evaluate p-1', 'trace2 verdict p-1'],
  ],
  [
    'nobody has tried the second, and there are two datasets',
    { verdicts: { 'p-1': 'worse' } },
    ['new', 'old'],
    ['trace2 show p-2', 'trace2 evaluate p-2 --dataset new', 'trace2 verdict p-2 --dataset new'],
  ],
  [
    'the second is better',
    { verdicts: { 'p-1': 'worse', 'p-2': 'better' } },
    [],
    ['trace2 accept p-2', 'trace2 report p-2'],
  ],
  [
    'the better one was made for a value that is not in force any more',
    { verdicts: { 'p-2': 'better' }, outdated: ['p-2'] },
    [],
    ['trace2 show p-1', 'trace2 evaluate p-1', 'trace2 verdict p-1'],
  ],
  [
    'all were made for values that are not in force any more',
    { outdated: ['p-1', 'p-2'] },
    [],
    ['trace2 reject p-1 p-2', 'trace2 optimize'],
  ],
  [
    'one is worse, and of the other there is too little',
    { verdicts: { 'p-1': 'worse', 'p-2': 'not enough evidence' } },
    ['runs'],
    ['trace2 report p-2', 'trace2 dataset runs --from-runs --add', 'trace2 verdict p-2'],
  ],
  [
    'none is better',
    { verdicts: { 'p-1': 'worse', 'p-2': 'no difference worth it' } },
    [],
    ['trace2 report p-1', 'trace2 reject p-1 p-2'],
  ],
])('of open proposals, where %s', (_what, change, datasets, commands) => {
  const open = ['p-1', 'p-2']
  const known = { ...content, datasets, proposals: { ...proposals, open, ...change } }
  expect(adviceFor({ ...situation, content: known }).commands).toEqual(commands)
})

test.each([
  ['T2_MODEL_RATE: m allows no more calls now.', false, 'T2_MODEL_RATE', '--calls-per-minute'],
  // As rows of older versions have it: without a code.
  ['it is not a JSON object', true, 'T2_MODEL_ANSWER', '--model'],
  ['socket hang up', false, 'T2_MODEL_CALL', 'Try again'],
])('a call that failed with "%s" has a remedy', async (error, answered, code, remedy) => {
  for (const asker of ['step', 'guide'] as const) {
    const failed: LastCall = { ...step, asker, state: 'failed', error, answered }
    expect(await callProblems(failed)).toMatchObject([
      { message: expect.stringContaining(code), remedy: expect.stringContaining(remedy) },
    ])
    expect(await callProblems({ ...failed, superseded: true })).toEqual([])
  }
})
