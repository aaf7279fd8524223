import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const installed = new URL(
  '../../node_modules/.cache/trace2-runtimes/node_modules/',
  import.meta.url,
)
const program = fileURLToPath(new URL('./program.cjs', import.meta.url))

/** Executables by runtime; `undefined` where `npm run runtimes` has not installed it. */
const runtimes: readonly [string, string | undefined][] = [
  ['this Node', process.execPath],
  ['Node 20', inCache('node20/bin/node')],
  ['Node 22', inCache('node22/bin/node')],
  ['Node 24', inCache('node24/bin/node')],
  ['Bun', inCache('bun/bin/bun.exe') ?? onPath('bun')],
]

function inCache(path: string): string | undefined {
  const file = fileURLToPath(new URL(path, installed))
  return existsSync(file) ? file : undefined
}

function onPath(name: string): string | undefined {
  return spawnSync(name, ['--version']).status === 0 ? name : undefined
}

test.for(runtimes)(
  'instrumentation, a collector and the live loop, loaded by `require`: %s',
  async ([name, executable], { skip }) => {
    if (executable === undefined) return skip('It is installed by `npm run runtimes`.')
    const { stdout } = await promisify(execFile)(executable, [program], { timeout: 110_000 })
    expect([name, JSON.parse(stdout)]).toEqual([
      name,
      {
        first: 'Hi Ann (curt)',
        spans: ['agent', 'answer', 'greet'],
        changed: 'Hello Ann',
        output: 'Hello Ann (curt)',
        applied: 1,
        second: 'Hello Ann (kind)',
        runs: 2,
      },
    ])
  },
)
