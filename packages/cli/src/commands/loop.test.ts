import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { strategyNames } from '@trace2/optimizer'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { expect, onTestFinished, test } from 'vitest'
import { command, type Finished, startCommand, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

/** A database with two runs of the sample agent, a model, and the command to use both. */
async function workplace() {
  const cwd = temporaryDirectory()
  const model = await startSimulatedModel()
  onTestFinished(() => model.close())
  const env = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, TRACE2_MODEL: CHAT_MODEL }
  const trace2 = (...args: string[]): Promise<Finished> => command(args, { cwd, env })
  const json = async (...args: string[]) => JSON.parse((await trace2(...args, '--json')).out)
  const { traceIds, body } = await recordedRequest(['a refund', 'another refund'], 'protobuf')
  writeFileSync(join(cwd, 'runs.binpb'), body)
  await trace2('import', 'runs.binpb')
  return { cwd, model, traceIds, trace2, json, file: join(cwd, 'trace2.parameters.json') }
}

const comment = 'The answer must end with "Yours".'

test('feedback becomes a proposal, a proposal a value in the parameters file, and a rollback takes it back', {
  timeout: 60_000,
}, async () => {
  const { traceIds, trace2, json, file } = await workplace()
  const [run = ''] = traceIds
  const given = await trace2(
    'feedback',
    run,
    '--node',
    'classify',
    '--score',
    '0',
    '--comment',
    comment,
  )
  expect(given).toMatchObject({ code: 0, out: `Recorded feedback 0 (human) on run ${run}.\n` })

  const step = await trace2('optimize', '--parameter', 'triage.system')
  expect(step.code).toBe(0)
  expect(step.out).toMatch(
    /^1 proposal from 2 runs \(1 model call, [\d,]+ tokens in, \d+ out, \$0\)/,
  )
  expect(step.out).toContain('+ - End with "Yours".')
  expect(existsSync(file)).toBe(false)

  const [proposal] = await json('proposals', '--status', 'open')
  const { id } = proposal
  const shown = await trace2('show', id.slice(0, 6), '--prompt')
  for (const part of [
    id,
    'triage.system',
    '+ - End with "Yours".',
    'Reasoning',
    'rests on   2 runs',
    `1× ${comment}`,
    '── user',
    '# Variables',
    '── answer',
    '"suggestion"',
  ]) {
    expect(shown.out).toContain(part)
  }

  const accepted = await trace2('accept', id, '--note', 'looks right')
  expect(accepted.code).toBe(0)
  expect(accepted.out).toContain('Wrote trace2.parameters.json.')
  expect(accepted.out.replace(/\s+/g, ' ')).toContain('use it within a second')
  const written = JSON.parse(readFileSync(file, 'utf8'))
  expect(written.parameters['triage.system'].value).toContain('End with "Yours".')
  expect(await json('proposals')).toMatchObject([{ id, status: 'accepted', note: 'looks right' }])

  const history = await trace2('parameters', 'triage.system', '--history')
  expect(history.out).toContain(`accepted ${id}`)
  const again = await trace2('accept', id)
  expect(again.code).toBe(1)
  expect(again.err).toContain('error T2_PROPOSAL_CLOSED')

  const back = await trace2('rollback', 'triage.system')
  expect(back.out).toContain('→ the value in the code')
  const after = await trace2('parameters', 'triage.system', '--history')
  expect(after.out).toContain('rolled back to the value in the code')
  expect(JSON.parse(readFileSync(file, 'utf8')).parameters).toEqual({})
  expect((await trace2('rollback', 'triage.system')).err).toContain('error T2_NOTHING_TO_ROLL_BACK')

  expect((await trace2('proposals')).out).toContain('rolled-back')
  expect(await json('proposals', '--status', 'rolled-back')).toMatchObject([
    { id, rolledBack: true },
  ])
  expect(await json('proposals', '--status', 'accepted')).toEqual([])
  expect((await trace2('status')).out).toContain('0 open, 0 accepted, 0 rejected, 1 rolled back')
  const returned = await trace2('show', id)
  expect(returned.out).toContain(`${id}  rolled back`)
  const all = await trace2('accept', '--all')
  expect(all.err.replaceAll(/\s+/g, ' ')).toContain(`Rolled back: ${id}; \`trace2 accept ${id}\``)
  const repeated = await trace2('optimize', '--parameter', 'triage.system')
  expect(repeated.out).toContain('the same as before, which was rolled back')
  expect((await trace2('accept', id)).code).toBe(0)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(written)
  expect(await json('proposals', '--status', 'accepted')).toMatchObject([{ id, rolledBack: false }])
})

test('--all accepts what is open of the latest step; a rejected proposal is closed', async () => {
  const { traceIds, trace2, json } = await workplace()
  const [run = ''] = traceIds
  expect((await trace2('accept', '--all')).err).toContain('error T2_NO_OPEN_PROPOSAL')
  await trace2('feedback', run, '--node', 'classify', '--score', '0', '--comment', comment)
  await trace2('optimize')
  const [proposal] = await json('proposals')
  const rejected = await trace2('reject', proposal.id, '--note', 'too curt')
  expect(rejected.out).toBe(`Rejected ${proposal.id} for triage.system.\n`)
  expect((await trace2('accept', '--all')).err).toContain('error T2_NO_OPEN_PROPOSAL')

  await trace2(
    'feedback',
    run,
    '--node',
    'classify',
    '--score',
    '0',
    '--comment',
    'The answer must start with "Dear".',
    '--name',
    'tone',
  )
  await trace2('optimize')
  const accepted = await trace2('accept', '--all')
  expect(accepted.code).toBe(0)
  expect(accepted.out).toContain('◆ triage.system')
})

test('a step that was taken is given again with a word about it, and taken anew with --again', async () => {
  const { traceIds, model, trace2 } = await workplace()
  const [run = ''] = traceIds
  await trace2('feedback', run, '--node', 'classify', '--score', '0', '--comment', comment)
  await trace2('optimize')
  const asked = model.requests()
  const repeated = await trace2('optimize')
  expect(repeated.out).toContain('This step was taken before')
  expect(repeated.out).toContain('--again')
  expect(model.requests()).toBe(asked)
  const again = await trace2('optimize', '--again')
  expect(again.out).not.toContain('taken before')
  expect(model.requests()).toBe(2 * asked)
})

test('a dry run prints the prompt with its size and price, and asks nothing', async () => {
  const { cwd, model, trace2 } = await workplace()
  const { code, out } = await trace2('optimize', '--dry-run')
  expect(code).toBe(0)
  expect(out).toContain('# Variables')
  expect(out).toMatch(
    /[\d,]+ tokens: \$0, at most \$0 with the longest answer\. Nothing was asked\./,
  )
  expect(model.requests()).toBe(0)
  const without = await command(['optimize', '--dry-run'], {
    cwd,
    env: { OPENAI_API_KEY: '', TRACE2_MODEL: '' },
  })
  expect(without).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was asked.') })
  const unpriced = await trace2('optimize', '--dry-run', '--model', 'some-model')
  expect(unpriced.out).toContain('the price of this model is not known')
})

test('a parameter that no feedback reaches is reported with the reason', async () => {
  const { trace2 } = await workplace()
  const { out } = await trace2('optimize', '--edges', 'exact,identity,template')
  expect(out).toContain('Not reached by feedback')
  expect(out).toContain('triage.threshold, in 2 runs: Feedback would arrive over edges of kinds')
})

test('proposed values go through the projections of a module of the agent', async () => {
  const { cwd, traceIds, trace2, json } = await workplace()
  const [run = ''] = traceIds
  await trace2('feedback', run, '--node', 'classify', '--score', '0', '--comment', comment)
  const library = import.meta.resolve('@trace2/instrumentation')
  const module = `import { parameter } from '${library}'
    const projections = [(text) => text.replace('Yours', 'Best regards')]
    export const agent = { system: parameter('triage.system', 'x', { projections }) }`
  writeFileSync(join(cwd, 'agent.mjs'), module)
  await trace2('optimize', '--parameter', 'triage.system', '--projections', 'agent.mjs')
  const [proposal] = await json('proposals')
  expect(proposal.value).toContain('End with "Best regards".')

  writeFileSync(join(cwd, 'empty.mjs'), 'export const nothing = 1')
  for (const name of ['empty.mjs', 'missing.mjs']) {
    const { code, err } = await trace2('optimize', '--projections', name)
    expect(code).toBe(1)
    expect(err).toContain('error T2_MODULE')
  }
})

test('every optimizer can be chosen by its name, and help names them all', {
  timeout: 60_000,
}, async () => {
  const { trace2 } = await workplace()
  const help = (await trace2('optimize', '--help')).out.replaceAll(/\s+/g, ' ')
  for (const name of strategyNames) {
    expect(help).toContain(name)
    expect(await trace2('optimize', '--optimizer', name, '--dry-run')).toMatchObject({ code: 0 })
  }
  expect((await trace2('optimize', '--optimizer', 'magic')).err).toContain('T2_OPTIMIZER_UNKNOWN')
})

test('without feedback, and without a matching run, it says what to do', async () => {
  const { trace2 } = await workplace()
  const none = await trace2('optimize', '--since', '2099-01-01')
  expect(none.code).toBe(1)
  expect(none.err).toContain('error T2_NO_RUNS')
})

test('a slip of the pen is an error that says what there is', async () => {
  const { trace2 } = await workplace()
  const slip = await trace2('optimize', '--parameter', 'triage.sytem')
  expect(slip.err.replaceAll(/\s+/g, ' ')).toContain(
    'Trainable are: triage.system, triage.threshold.',
  )
  const nowhere = await trace2('optimize', '--record', 'no/such/place.jsonl')
  expect(nowhere.err).toContain('error T2_ANSWERS_FILE: no/such/place.jsonl cannot be written.')
  const nothing = await trace2('optimize', '--replay', 'nothing.jsonl')
  expect(nothing.err).toContain('error T2_ANSWERS_FILE: nothing.jsonl cannot be read.')
  const operator = await trace2('judge', '--contains', 'x', '--target', 'clasify')
  expect(operator.err).toContain('error T2_NOTHING_JUDGED: No call of clasify is in 2 runs.')
})

test('Ctrl-C ends a step that waits for its model, in order', async () => {
  const { cwd } = await workplace()
  const silent = createServer(() => {})
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const env = {
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}`,
    TRACE2_MODEL: 'm',
  }
  const { child, finished } = startCommand(['optimize'], { cwd, env })
  await once(silent, 'request')
  child.kill('SIGINT')
  const { code, err } = await finished
  expect(code).toBe(130)
  expect(err).toContain('Press Ctrl-C again to stop at once.')
  expect(err).toContain('error T2_INTERRUPTED')
  silent.closeAllConnections()
  silent.close()
})

test('a model that cannot be reached is an error with a code', async () => {
  const { cwd } = await workplace()
  const env = {
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    TRACE2_MODEL: 'm',
  }
  const { code, err } = await command(['optimize'], { cwd, env })
  expect(code).toBe(1)
  expect(err).toContain('error T2_MODEL_UNREACHABLE')
})
