import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { agentOf, readConfiguration } from './configuration.ts'
import { configuredGuides } from './guides.ts'

const packageOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** A folder with files; `trace2` is installed in it. */
function folder(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'node_modules'))
  symlinkSync(packageOf('../..'), join(directory, 'node_modules/trace2'), 'junction')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

/** Location of the database that `trace2 status` speaks of. */
async function databaseSeen(
  cwd: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { out, err } = await command(['status', '--json', ...args], { cwd, env })
  if (out === '') throw new Error(err)
  return JSON.parse(out).database.location
}

describe('the configuration of a folder', () => {
  test('gives the database, which the environment and the flag outrank', async () => {
    const cwd = folder({ 'trace2.config.json': '{"store":"data/mine.duckdb"}' })
    expect(await databaseSeen(cwd)).toBe(join('data', 'mine.duckdb'))
    expect(await databaseSeen(cwd, [], { TRACE2_DB: 'env.duckdb' })).toBe('env.duckdb')
    const flag = ['--db', 'flag.duckdb']
    expect(await databaseSeen(cwd, flag, { TRACE2_DB: 'env.duckdb' })).toBe('flag.duckdb')
  })

  test('holds in the folders below it, until one has its own', async () => {
    const cwd = folder({
      'trace2.config.json': '{"store":"outer.duckdb"}',
      'a/b/c.txt': '',
      'own/trace2.config.json': '{}',
    })
    expect(await databaseSeen(join(cwd, 'a/b'))).toMatch(/outer\.duckdb$/)
    expect(await databaseSeen(join(cwd, 'own'))).toBe('trace2.duckdb')
  })

  test.each([
    [
      'ts',
      "import { defineConfig, exactly } from 'trace2/config'\nconst store: string = 'ts.duckdb'\nexport default defineConfig({ store, guides: [exactly('category')] })",
    ],
    ['mts', "export default { store: 'mts.duckdb' } satisfies object"],
    [
      'js',
      "import { defineConfig } from 'trace2/config'\nexport default defineConfig({ store: 'js.duckdb' })",
    ],
    ['mjs', "export default { store: 'mjs.duckdb' }"],
  ])('may be written as %s', async (end, text) => {
    const cwd = folder({ [`trace2.config.${end}`]: text, 'package.json': '{"type":"module"}' })
    expect(await databaseSeen(cwd)).toBe(`${end}.duckdb`)
  })

  test.each([
    ['json', '{"stroe":"x"}', 'T2_CONFIG_INVALID', 'stroe'],
    ['json', '{', 'T2_CONFIG_LOAD', 'trace2.config.json'],
    ['ts', 'export default { store: 1 }', 'T2_CONFIG_INVALID', 'store is 1'],
    ['ts', 'export const config = {}', 'T2_CONFIG_INVALID', 'undefined'],
    ['ts', 'export default {', 'T2_CONFIG_LOAD', 'trace2.config.ts'],
    ['mjs', "throw new Error('no key')", 'T2_CONFIG_LOAD', 'no key'],
    ['mjs', "import 'nobody-has-this'", 'T2_CONFIG_LOAD', 'nobody-has-this'],
  ])('that is wrong (%s: %s) is named with what is', async (end, text, code, what) => {
    const cwd = folder({ [`trace2.config.${end}`]: text })
    const { code: exit, err } = await command(['status', '--json'], { cwd })
    expect(exit).toBe(1)
    expect(err).toContain(code)
    expect(err).toContain(what)
    expect((await command(['--help'], { cwd })).code).toBe(0)
  })
})

describe('a configuration file that was read', () => {
  test('has paths from its own folder, and limits in the units of the library', async () => {
    const config = {
      agent: './src/agent.ts#agent',
      parameters: 'conf/values.json',
      limits: { timeout: 1.5, memory: 100, environment: { A: 'b' } },
    }
    const cwd = folder({ 'trace2.config.json': JSON.stringify(config) })
    expect(await readConfiguration(join(cwd, 'trace2.config.json'))).toEqual({
      file: join(cwd, 'trace2.config.json'),
      agent: { kind: 'module', file: join(cwd, 'src/agent.ts'), export: 'agent', directory: cwd },
      parameters: join(cwd, 'conf/values.json'),
      limits: { timeoutMs: 1_500, memoryMb: 100, environment: { A: 'b' } },
    })
  })

  test('has an agent in one of its forms', () => {
    const here = temporaryDirectory()
    expect(agentOf('agent.mjs', here)).toMatchObject({ export: 'default' })
    expect(agentOf('odd#name/agent.mjs#run', here)).toMatchObject({
      file: join(here, 'odd#name/agent.mjs'),
      export: 'run',
    })
    expect(agentOf('http://127.0.0.1:8080/run', here)).toEqual({
      kind: 'url',
      url: 'http://127.0.0.1:8080/run',
    })
    expect(agentOf({ command: ['python3', 'agent.py'], directory: 'py' }, here)).toEqual({
      kind: 'command',
      command: ['python3', 'agent.py'],
      directory: join(here, 'py'),
    })
  })

  test('has guides of every form', async () => {
    const text = `export default { guides: [
      { kind: 'contains', text: 'refund' },
      function polite({ output }) { return /please/.test(output) },
      { name: 'own', definition: null, source: 'code', judge: () => ({ score: 0.5, comment: 'so so' }) },
      ({ output }) => output.length / 10,
    ] }`
    const cwd = folder({ 'trace2.config.mjs': text })
    const guides = await configuredGuides(await readConfiguration(join(cwd, 'trace2.config.mjs')))
    expect(guides.map(({ name }) => name)).toEqual(['contains', 'polite', 'own', 'guide 4'])
    const llm = () => {
      throw new Error('nobody is asked')
    }
    const scores = guides.map(async (guide) => {
      return (await guide.judge({ output: 'please', input: {} }, { llm })).score
    })
    expect(await Promise.all(scores)).toEqual([0, 1, 0.5, 0.6])
  })

  test.each([
    ['{"guides":[{"kind":"exact"},{"kind":"exactly"}]}', /guides\[1\].*kind/],
    ['{"guides":[{"kind":"exact"},{"kind":"exact"}]}', /two are called exact/],
  ])('with guides that are none is refused: %s', async (text, message) => {
    const cwd = folder({ 'trace2.config.json': text })
    const config = await readConfiguration(join(cwd, 'trace2.config.json'))
    await expect(configuredGuides(config)).rejects.toMatchObject({
      code: 'T2_CONFIG_INVALID',
      message: expect.stringMatching(message),
    })
  })
})
