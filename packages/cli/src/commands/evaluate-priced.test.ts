import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { countingEndpoint } from '../testing/counting-endpoint.ts'
import { spansOf } from '../testing/record-spans.ts'

const file = fileURLToPath(new URL('../testing/asking-agent.ts', import.meta.url))
const callsPerTrial = 3

async function workplace() {
  const cwd = temporaryDirectory()
  const { url, answered } = await countingEndpoint(() => 'answer')
  const env = { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none', ASKING_MODEL: 'our-own-model' }
  const trace2 = (...args: string[]) => command(args, { cwd, env })
  const trying = ['asking.tone=warmly', '--max-cost', '1', '--contains', 'yes']
  return { cwd, env, answered, trace2, trying }
}

const lines = ['a', 'b', 'c', 'd'].map((input) => JSON.stringify({ input }))
const module = ['--agent', `${file}#agent`]

test('a limit in USD that cannot be kept is refused before more than a trial is paid for', async () => {
  const { cwd, answered, trace2, trying } = await workplace()
  writeFileSync(join(cwd, 'cases.jsonl'), `${lines.join('\n')}\n`)
  await trace2('dataset', 'c', '--file', 'cases.jsonl', '--shares', '0/100/0')
  const refused = await trace2('evaluate', ...trying, ...module)
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('T2_PRICE_UNKNOWN') })
  expect(refused.err).toContain('our-own-model')
  expect(refused.err).toContain('--price')
  expect(answered).toHaveLength(callsPerTrial)
  const priced = ['--price', 'our-own-model=1,2', '--json']
  const { code, out } = await trace2('evaluate', ...trying, ...module, ...priced)
  expect(code).toBe(0)
  const { spent } = JSON.parse(out)
  expect(spent.costUsd).toBeGreaterThan(0)
  expect(answered).toHaveLength(lines.length * 2 * callsPerTrial)
  // Of a program without spans nothing is known.
  writeFileSync(join(cwd, 'agent.mjs'), 'console.log("yes")')
  const blind = await trace2('evaluate', ...trying, '--agent-command', 'node agent.mjs')
  expect(blind).toMatchObject({ code: 1, err: expect.stringContaining('T2_PRICE_UNKNOWN') })
}, 120_000)

test('where stored runs tell which models are asked, nothing is paid for', async () => {
  const { cwd, env, answered, trace2, trying } = await workplace()
  Object.assign(process.env, env)
  const { agent } = await import('../testing/asking-agent.ts')
  const spans = await spansOf(async () => {
    for (let at = 0; at < 12; at++) await agent(`ticket ${at}`)
  })
  writeFileSync(join(cwd, 'runs.binpb'), spans)
  await trace2('import', 'runs.binpb')
  const before = answered.length
  const withoutAgent = ['--model', 'another-model']
  for (const how of [module, [...module, '--no-replay'], [], withoutAgent]) {
    for (const name of ['evaluate', 'verdict']) {
      const { code, err } = await trace2(name, ...trying, ...how)
      expect({ name, how, code, err }).toMatchObject({
        code: 1,
        err: expect.stringContaining('T2_PRICE_UNKNOWN'),
      })
      expect(err).toContain(how === withoutAgent ? 'another-model' : 'our-own-model')
    }
  }
  expect(answered).toHaveLength(before)
  expect(
    (await trace2('sql', 'SELECT count(*) AS n FROM v_look', '--format', 'json')).out,
  ).not.toMatch(/[1-9]/)
}, 120_000)
