import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parameterVersion } from '@trace2/core'
import { parametersUsed, startAgent, type TrialTask } from '@trace2/evaluation'
import { openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { python, systemPython } from '../python.mjs'

const directory = fileURLToPath(new URL('..', import.meta.url))

const hasPython = spawnSync(systemPython, ['--version']).status === 0
const hasPackages =
  existsSync(python) &&
  spawnSync(python, ['-c', 'import opentelemetry.exporter.otlp.proto.http']).status === 0
const noPython = `there is no ${systemPython} here`
const noPackages =
  'OpenTelemetry for Python is not installed: npm run setup -w examples/python-agent'

const words = { légal: ['contract', 'gdpr'], billing: ['refund'] }

async function run(command: readonly string[], rest: Partial<TrialTask>) {
  const agent = await startAgent({ kind: 'command', command, directory }, { memoryMb: 256 })
  onTestFinished(() => agent.close())
  const task = {
    id: 'python',
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    inputs: { ticket: 'My parcel is late.' },
    parameters: {},
    ...rest,
  }
  return { task, trial: await agent.run(task) }
}

test('it runs without any package, with the parameters of the trial, and is then not recorded', async ({
  skip,
}) => {
  if (!hasPython) skip(noPython)
  // -S leaves installed packages out.
  const command = [systemPython, '-S', 'agent.py']
  const plain = await run(command, {})
  expect(plain.trial).toMatchObject({
    outcome: 'done',
    output: { queue: 'shipping', reply: 'Thank you. The shipping team will answer.' },
    spans: [],
  })
  const parameters = { 'triage.words': { later: ['late'] }, 'triage.reply': 'To {queue}.' }
  const changed = await run(command, { parameters })
  expect(changed.trial.output).toEqual({ queue: 'later', reply: 'To later.' })
})

test('a case that it cannot take fails with what Python says', async ({ skip }) => {
  if (!hasPython) skip(noPython)
  const { trial } = await run([systemPython, '-S', 'agent.py'], { inputs: { ticket: 7 } })
  expect(trial).toMatchObject({ outcome: 'failed', output: null })
  expect(trial.reason).toContain('AttributeError')
})

test('its spans continue the trial’s trace, show which parameters were used, and make a graph', async ({
  skip,
}) => {
  if (!hasPackages) skip(noPackages)
  const parameters = { 'triage.words': words }
  const { task, trial } = await run([python, 'agent.py'], { parameters })
  expect(trial).toMatchObject({ outcome: 'done', output: { queue: 'other' }, incomplete: null })
  expect(trial.spans.map(({ name }) => name).sort()).toEqual(['classify', 'triage', 'write'])
  for (const { traceId } of trial.spans) expect(traceId).toBe(task.traceId)
  expect(trial.spans.find(({ name }) => name === 'triage')?.parentSpanId).toBe(task.spanId)
  expect(trial.spans[0]?.resource.attributes.get('trace2.trial')).toBe('python')
  expect(parametersUsed(trial.spans)).toEqual(
    new Map([
      ['triage.words', new Set([parameterVersion(words)])],
      ['triage.reply', new Set([parameterVersion('Thank you. The {queue} team will answer.')])],
    ]),
  )
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  await store.writeSpans(trial.spans)
  const graph = await store.graph(task.traceId)
  const edges = graph.edges.filter(({ how }) => how === 'exact').length
  expect(edges).toBeGreaterThanOrEqual(5)
})
