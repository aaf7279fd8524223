import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, startCommand, temporaryDirectory } from './testing/command.ts'
import { recordedRequest } from './testing/sample-agent.ts'

const commands = [
  'demo',
  'status',
  'collect',
  'import',
  'runs',
  'graph',
  'feedback',
  'judge',
  'parameters',
  'optimize',
  'proposals',
  'show',
  'accept',
  'reject',
  'rollback',
  'sql',
  'export',
  'completion',
]

test('alone it prints its help, which names every command', async () => {
  const { code, out, err } = await command([])
  expect(code).toBe(0)
  expect(err).toBe('')
  for (const name of commands) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
})

test('the help of every command has an example', { timeout: 60_000 }, async () => {
  for (const name of commands) {
    const { code, out } = await command([name, '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^Usage: trace2 ${name} `))
    expect(out).toMatch(new RegExp(`\\$ .*trace2 ${name}`))
  }
})

test('a mistyped command or option is a usage error that suggests the right one', async () => {
  const mistyped = await command(['rnus'])
  expect(mistyped.code).toBe(2)
  expect(mistyped.err).toContain("error T2_USAGE: unknown command 'rnus' (Did you mean runs?)")
  const option = await command(['runs', '--sinse', '7d'])
  expect(option.code).toBe(2)
  expect(option.err).toContain('(Did you mean --since?)')
})

test('an argument that does not fit is a usage error', async () => {
  for (const args of [
    ['runs', '--since', 'yesterday'],
    ['runs', '--limit', 'many'],
    ['graph', 'last', '--edges', 'exact,guessed'],
    ['graph', 'last', '--format', 'png'],
    ['collect', '--port', '70000'],
    ['feedback', 'last', '--score', 'good'],
    ['accept'],
  ]) {
    const { code, err, out } = await command(args)
    expect(code, args.join(' ')).toBe(2)
    expect(err).toMatch(/^error T2_USAGE: /)
    expect(out).toBe('')
  }
})

test('an error is a code, a message and a remedy; one JSON object for those who ask for JSON', async () => {
  const cwd = temporaryDirectory()
  const { code, err } = await command(['runs'], { cwd })
  expect(code).toBe(1)
  expect(err).toMatch(/^error T2_DATABASE_MISSING: There is no database trace2\.duckdb\.\n.*--db/)
  const json = await command(['runs', '--json'], { cwd })
  expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'T2_DATABASE_MISSING' } })
  expect(json.out).toBe('')
})

test('TRACE2_DB names the database, and --db goes before it', async () => {
  const env = { TRACE2_DB: 'from-env.duckdb' }
  const cwd = temporaryDirectory()
  expect((await command(['runs'], { cwd, env })).err).toContain('from-env.duckdb')
  const given = await command(['runs', '--db', 'given.duckdb'], { cwd, env })
  expect(given.err).toContain('given.duckdb')
})

test('a file that is no database is refused with a code', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'notes.duckdb'), 'not a database, only some notes\n'.repeat(100))
  const { code, err } = await command(['runs', '--db', 'notes.duckdb'], { cwd })
  expect(code).toBe(1)
  expect(err).toMatch(/^error T2_STORE_(OPEN|DAMAGED): /)
})

test('an address where no collector answers is named', async () => {
  const { code, err } = await command(['runs', '--db', 'http://127.0.0.1:9'])
  expect(code).toBe(1)
  expect(err).toContain('error T2_COLLECTOR_UNREACHABLE')
})

test('a reader that closes the pipe early gets no complaint', async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund'], 'json')
  writeFileSync(join(cwd, 'a.jsonl'), body)
  await command(['import', 'a.jsonl'], { cwd })
  const { child, finished } = startCommand(['sql', 'SELECT range FROM range(50000)', '--json'], {
    cwd,
  })
  const head = spawn('head', ['-n', '1'], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdout?.pipe(head.stdin)
  head.stdin.on('error', () => child.stdout?.destroy())
  await once(head, 'close')
  // Where it went before the next write there is no error to hear of.
  child.stdout?.destroy()
  const { code, err } = await finished
  expect(err).toBe('')
  expect(code).toBe(0)
})

test('there is no colour where the output is no terminal, and colour where it is asked for', async () => {
  const plain = await command(['--help'])
  const forced = await command(['--help'], { env: { FORCE_COLOR: '1' } })
  expect(plain.out).not.toContain('\u001b')
  expect(forced.out).toContain('\u001b[1m')
})
