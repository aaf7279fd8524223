import type { ChildProcess } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { command, startCommand, temporaryDirectory } from '../testing/command.ts'
import { countingEndpoint } from '../testing/counting-endpoint.ts'

const agent = `${fileURLToPath(new URL('../testing/asking-agent.ts', import.meta.url))}#agent`
const cases = 4
const callsPerTrial = 3
const allCalls = cases * 2 * callsPerTrial

async function workplace() {
  const cwd = temporaryDirectory()
  const lines = Array.from({ length: cases }, (_, at) => JSON.stringify({ input: `case ${at}` }))
  writeFileSync(join(cwd, 'cases.jsonl'), `${lines.join('\n')}\n`)
  const made = ['dataset', 'c', '--file', 'cases.jsonl', '--shares', '0/100/0']
  expect((await command(made, { cwd })).code).toBe(0)
  const evaluate = (url: string, ...more: string[]) =>
    startCommand(
      ['evaluate', 'asking.tone=warmly', '--agent', agent, '--contains', 'yes', ...more],
      { cwd, env: { OPENAI_BASE_URL: url } },
    )
  return { cwd, evaluate }
}

test.each([
  ['a replayed agent', []],
  ['an agent that runs wholly', ['--no-replay']],
])(
  'no call of %s is answered twice, wherever it is killed',
  async (_, how) => {
    const { cwd, evaluate } = await workplace()
    const kills = [2, 8, 15]
    let child: ChildProcess | undefined
    const { url, answered } = await countingEndpoint((asked) => {
      if (!kills.includes(asked)) return 'answer'
      child?.kill('SIGKILL')
      return 'hold'
    })
    for (const _kill of kills) {
      const started = evaluate(url, '--parallel', '1', ...how)
      child = started.child
      expect((await started.finished).code).toBeNull()
    }
    const { code, out } = await evaluate(url, '--parallel', '1', '--json', ...how).finished
    expect(code).toBe(0)
    expect(JSON.parse(out).experiment.status).toBe('done')
    expect(answered).toHaveLength(allCalls)
    expect(new Set(answered).size).toBe(allCalls)
    expect(existsSync(join(cwd, 'trace2.duckdb.answers'))).toBe(false)
  },
  120_000,
)

test('trials that run come to their ends after Ctrl-C, and no other begins', async () => {
  const { evaluate } = await workplace()
  let child: ChildProcess | undefined
  const { url, answered } = await countingEndpoint((asked) => {
    if (asked === 4) child?.kill('SIGINT')
    return 'answer'
  })
  const first = evaluate(url, '--parallel', '1')
  child = first.child
  const { code, err } = await first.finished
  expect(code).toBe(130)
  expect(err).toContain('trials that are under way end first')
  expect(answered).toHaveLength(2 * callsPerTrial)
  expect((await evaluate(url).finished).code).toBe(0)
  expect(answered).toHaveLength(allCalls)
}, 120_000)

test('a second Ctrl-C ends at once', async () => {
  const { evaluate } = await workplace()
  let child: ChildProcess | undefined
  const { url, answered } = await countingEndpoint((asked) => {
    if (asked < 4) return 'answer'
    child?.kill('SIGINT')
    return 'hold'
  })
  const first = evaluate(url, '--parallel', '1')
  child = first.child
  child.stderr?.on('data', (chunk) => {
    if (String(chunk).includes('Ctrl-C again')) child?.kill('SIGINT')
  })
  expect((await first.finished).code).toBeNull()
  expect(answered).toHaveLength(callsPerTrial)
}, 120_000)
