import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfiguration } from '../config/configuration.ts'
import { createProgram } from '../program.ts'
import { command, temporaryDirectory } from '../testing/command.ts'
import { silentTerminal } from '../testing/silent-terminal.ts'

function folder(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

const agent = `import { run } from '@trace2/instrumentation'
export const agent = run('support', async (text: string) => text)\n`
const python = 'if __name__ == "__main__":\n    print(1)\n'

describe('trace2 init', () => {
  test('finds the agent of a package and writes what can be read again', async () => {
    const cwd = folder({
      'package.json': '{"type":"module"}',
      'src/agent.ts': agent,
      'src/agent.test.ts': agent,
      'node_modules/other/agent.js': agent,
    })
    const { code, out } = await command(['init'], { cwd })
    expect(code).toBe(0)
    expect(out).toContain('Wrote trace2.config.ts')
    expect(out).toContain('./src/agent.ts#agent')
    expect(await readConfiguration(join(cwd, 'trace2.config.ts'))).toMatchObject({
      agent: { kind: 'module', file: join(cwd, 'src/agent.ts'), export: 'agent' },
      gate: { guards: { errors: '+0' } },
    })
    expect(readFileSync(join(cwd, 'trace2.config.ts'), 'utf8')).not.toContain('import')
  })

  test('has types where trace2 is installed', async () => {
    const cwd = folder({ 'package.json': '{}', 'node_modules/.keep': '' })
    const own = fileURLToPath(new URL('../..', import.meta.url))
    symlinkSync(own, join(cwd, 'node_modules/trace2'), 'junction')
    await command(['init', '--store', 'http://127.0.0.1:4318'], { cwd })
    const file = join(cwd, 'trace2.config.ts')
    expect(readFileSync(file, 'utf8')).toContain("from 'trace2/config'")
    const config = await readConfiguration(file)
    expect(config).toMatchObject({ store: 'http://127.0.0.1:4318' })
    expect(config).not.toHaveProperty('agent')
  })

  test('writes JSON for a folder that is no package, such as that of a Python agent', async () => {
    const cwd = folder({ 'agent.py': python, 'helpers.py': 'x = 1', 'venv/lib/agent.py': python })
    const { out } = await command(['init'], { cwd })
    expect(out).toContain('Wrote trace2.config.json')
    expect(JSON.parse(readFileSync(join(cwd, 'trace2.config.json'), 'utf8'))).toMatchObject({
      store: 'trace2.duckdb',
      agent: { command: [expect.stringMatching(/^python3?$/), 'agent.py'] },
    })
  })

  test.each([
    [['--agent', 'http://127.0.0.1:8080/run'], { url: 'http://127.0.0.1:8080/run' }],
    [['--command', 'python3  agent.py -v'], { command: ['python3', 'agent.py', '-v'] }],
    [['--command', '["python3","my agent.py"]'], { command: ['python3', 'my agent.py'] }],
    [['--agent', 'agent.py.mjs#odd'], 'agent.py.mjs#odd'],
    [['--agent', 'agent.py.mjs'], 'agent.py.mjs'],
  ])('takes the agent of flags: %j', async (args, expected) => {
    const cwd = folder({ 'agent.py.mjs': 'export const odd = () => 1\nexport default odd\n' })
    const { out } = await command(['init', '--json', ...args], { cwd })
    expect(JSON.parse(out)).toMatchObject({ agent: expected, store: 'trace2.duckdb' })
    expect(JSON.parse(readFileSync(join(cwd, 'trace2.config.json'), 'utf8')).agent).toEqual(
      expected,
    )
  })

  test.each([
    [['--agent', './gone.ts#agent'], 'no file'],
    [['--agent', './there.ts#agnet'], 'does not export agnet'],
    [['--agent', './there.ts'], 'no default export'],
    [['--agent', 'http://x', '--command', 'y'], 'say one'],
    [['--command', '["a", 1]'], 'JSON list'],
    [['--command', ' '], 'must not be empty'],
  ])('refuses %j and writes nothing', async (args, message) => {
    const cwd = folder({ 'there.ts': agent })
    const { code, err } = await command(['init', ...args], { cwd })
    expect(code).toBe(2)
    expect(err.replace(/\s+/g, ' ')).toContain(message)
    expect(existsSync(join(cwd, 'trace2.config.json'))).toBe(false)
  })

  test('replaces a configuration only when it is told to, in the form that it has', async () => {
    const before = 'export default { store: "before.duckdb" }'
    const cwd = folder({ 'trace2.config.mjs': before, 'package.json': '{}' })
    const file = join(cwd, 'trace2.config.mjs')
    const refused = await command(['init'], { cwd })
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('T2_CONFIG_EXISTS')
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect((await command(['init', '--force', '--store', 'after.duckdb'], { cwd })).code).toBe(0)
    expect((await readConfiguration(file)).store).toMatch(/after\.duckdb$/)
    expect(existsSync(join(cwd, 'trace2.config.ts'))).toBe(false)
  })

  test('a configuration without an agent that nobody has changed is written again', async () => {
    const cwd = folder({ 'package.json': '{}' })
    const { out } = await command(['init'], { cwd })
    expect(out.replace(/\s+/g, ' ')).toContain('No agent was found here.')
    writeFileSync(join(cwd, 'agent.mjs'), agent)
    const again = await command(['init', '--agent', './agent.mjs#agent'], { cwd })
    expect(again.code).toBe(0)
    expect((await command(['init'], { cwd })).err).toContain('T2_CONFIG_EXISTS')
  })

  test('asks where somebody answers', async () => {
    const cwd = folder({
      'package.json': '{}',
      'src/one.ts': agent,
      'src/two.ts': `import { run } from '@trace2/instrumentation'\nconst other = run<[]>('o', () => 1)\nexport { other }\nexport default run('d', () => 2)\n`,
    })
    const before = process.cwd()
    process.chdir(cwd)
    onTestFinished(() => process.chdir(before))
    const questions: string[] = []
    const commands: string[] = []
    const answers = ['2', 'kept.duckdb']
    const program = await createProgram({
      ...silentTerminal,
      ask: async (question) => {
        questions.push(question)
        return answers.shift()
      },
      next: (next) => commands.push(...next),
    })
    await program.parseAsync(['init'], { from: 'user' })
    expect(questions[0]).toMatch(
      /1 {2}\.\/src\/one\.ts#agent.*\n.*2 {2}\.\/src\/two\.ts#other.*\n.*3 {2}\.\/src\/two\.ts /,
    )
    expect(await readConfiguration(join(cwd, 'trace2.config.ts'))).toMatchObject({
      agent: { file: join(process.cwd(), 'src/two.ts'), export: 'other' },
      store: expect.stringMatching(/kept\.duckdb$/),
    })
    expect(commands).toEqual(['trace2 collect'])
  })
})
