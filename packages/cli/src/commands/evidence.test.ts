import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parameterVersion } from '@trace2/core'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { command, type Finished, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

const count = 12

/** Runs with a long piece of feedback each, more than a small prompt holds. */
async function workplace() {
  const cwd = temporaryDirectory()
  const model = await startSimulatedModel()
  onTestFinished(() => model.close())
  const env = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, TRACE2_MODEL: CHAT_MODEL }
  const trace2 = (...args: string[]): Promise<Finished> => command(args, { cwd, env })
  const json = async (...args: string[]) => JSON.parse((await trace2(...args, '--json')).out)
  const tickets = Array.from({ length: count }, (_, at) => `refund number ${at}`)
  const { traceIds, body } = await recordedRequest(tickets, 'protobuf')
  writeFileSync(join(cwd, 'runs.binpb'), body)
  await trace2('import', 'runs.binpb')
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  for (const [at, traceId] of traceIds.entries()) {
    const comment = `The answer must end with "Yours". Note ${at}: ${'it was said before. '.repeat(20)}`
    await store.addFeedback({ traceId, spanId: null, name: 'quality', score: 0, comment })
  }
  await store.close()
  return { trace2, json, file: join(cwd, 'trace2.parameters.json') }
}

const small = ['--parameter', 'triage.system', '--max-tokens', '1800']
const oneLine = (text: string) => text.replace(/\s+/g, ' ')

test('what a prompt has no room for is said before it is sent, and stands beside the proposal', {
  timeout: 120_000,
}, async () => {
  const { trace2, json } = await workplace()
  const dry = oneLine((await trace2('optimize', ...small, '--dry-run')).out)
  const room = /The prompt has room for (\d+) of (\d+) pieces of feedback, on (\d+) of (\d+) runs/
  const [told = '', pieces, allPieces, runs, allRuns] = room.exec(dry) ?? []
  expect(Number(allRuns)).toBe(count)
  expect(Number(runs)).toBeGreaterThan(0)
  expect(Number(pieces)).toBeLessThan(Number(allPieces))
  expect(dry).toContain('--max-tokens, or choose fewer with --sample or --limit.')

  const step = await trace2('optimize', ...small)
  expect(oneLine(step.err)).toContain(told)
  const from = `from ${runs} of ${allRuns} runs and ${pieces} of ${allPieces} pieces of feedback`
  expect(oneLine(step.out)).toContain(`1 proposal ${from}`)
  const [proposal] = await json('proposals')
  expect(proposal.runs).toHaveLength(Number(runs))
  expect(proposal.feedback).toHaveLength(Number(pieces))
  const left = { runs: count - Number(runs), feedback: Number(allPieces) - Number(pieces) }
  expect(proposal.leftOut).toMatchObject(left)
  expect((await trace2('proposals')).out).toContain(`${runs} of ${allRuns}`)
  const shown = oneLine((await trace2('show', proposal.id)).out)
  expect(shown).toContain(`rests on ${runs} run`)
  expect(shown).toContain(`not seen ${left.runs} runs, ${left.feedback} pieces of feedback`)
  expect(shown).toContain(`base in ${count} of the last ${count} runs that used it`)
})

test('of several variants the base is named, and can be chosen', { timeout: 120_000 }, async () => {
  const { trace2, file } = await workplace()
  const variants = [
    { value: 'Classify the ticket.', weight: 3, note: 'old' },
    { value: 'Classify this ticket.', weight: 1, note: 'trial' },
  ]
  writeFileSync(file, JSON.stringify({ trace2: 1, parameters: { 'triage.system': { variants } } }))
  const [old = '', trial = ''] = variants.map(({ value }) => parameterVersion(value).slice(0, 8))
  const first = oneLine((await trace2('optimize', '--parameter', 'triage.system', '--dry-run')).out)
  expect(first).toContain(
    `Base of triage.system: @${old}, a variant of 75 % in the parameters file.`,
  )
  expect(first).toContain(`Also in force: @${trial} (25 %); --base chooses.`)

  const step = await trace2('optimize', '--parameter', 'triage.system', '--base', trial)
  expect(oneLine(step.err)).toContain(`Base of triage.system: @${trial}`)
  expect(oneLine(step.out)).not.toContain('Base of triage.system')
  expect((await trace2('accept', '--all')).code).toBe(0)
  const written = JSON.parse(readFileSync(file, 'utf8')).parameters['triage.system'].variants
  expect(written).toMatchObject([variants[0], { weight: 1, note: 'trial' }])
  expect(written[1].value).toContain('End with "Yours".')
  const unknown = await trace2('optimize', '--base', 'triage.system=3')
  expect(unknown.err).toContain('error T2_BASE_UNKNOWN')
})
