import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { expect, test } from 'vitest'
import { command, startCommand, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest, runAgent } from '../testing/sample-agent.ts'

async function startCollect(cwd: string, args: readonly string[] = [], env = {}) {
  const started = startCommand(['collect', '--port', '0', ...args], { cwd, env })
  let out = ''
  while (!out.includes('Ctrl-C')) {
    const [chunk] = await once(started.child.stdout ?? started.child, 'data')
    out += String(chunk)
  }
  const [, url = ''] = /Listening on (\S+)/.exec(out) ?? []
  return { ...started, url }
}

async function runsIn(db: string, cwd: string, env = {}) {
  return JSON.parse((await command(['runs', '--json', '--db', db], { cwd, env })).out)
}

test('a collector is backed up while it runs, by its file and by its address', async () => {
  const cwd = temporaryDirectory()
  const { child, finished, url } = await startCollect(cwd)
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` })
  await runAgent(['a refund'], exporter)
  for (const [index, db] of ['trace2.duckdb', url].entries()) {
    const made = await command(['backup', `copy-${index}`, '--db', db], { cwd })
    expect([made.code, made.err]).toEqual([0, ''])
    const again = await command(['backup', `copy-${index}`, '--db', db, '--json'], { cwd })
    expect(JSON.parse(again.out)).toMatchObject({ written: 0, removed: 0 })
    const restored = `restored-${index}.duckdb`
    const back = await command(['restore', `copy-${index}`, '--db', restored], { cwd })
    expect([back.code, back.err]).toEqual([0, ''])
    expect(await runsIn(restored, cwd)).toEqual(await runsIn(url, cwd))
    const doctor = await command(['doctor', '--db', restored], { cwd })
    expect(doctor.code).toBe(0)
  }
  child.kill('SIGTERM')
  await finished
})

test('a backup needs the right to do everything', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'tokens'), 'read:a-reader-of-runs\nadmin:the-owner-of-all-runs\n', {
    mode: 0o600,
  })
  const { child, finished, url } = await startCollect(cwd, ['--token-file', 'tokens'])
  const as = (token: string) =>
    command(['backup', 'copy', '--db', url], { cwd, env: { TRACE2_TOKEN: token } })
  const refused = await as('a-reader-of-runs')
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('T2_FORBIDDEN')])
  expect((await as('the-owner-of-all-runs')).code).toBe(0)
  child.kill('SIGTERM')
  await finished
})

test('what a collector that was killed has acknowledged is not left out in silence', async () => {
  const cwd = temporaryDirectory()
  const { child, url } = await startCollect(cwd)
  const { body } = await recordedRequest(['a refund'], 'json')
  const headers = { 'content-type': 'application/json' }
  const send = () => fetch(`${url}/v1/traces`, { method: 'POST', headers, body: Buffer.from(body) })
  await Promise.all(Array.from({ length: 50 }, send))
  child.kill('SIGKILL')
  await once(child, 'exit')
  const left = await command(['backup', 'copy'], { cwd })
  if (left.code !== 0) {
    expect(left.err).toMatch(/error T2_BACKUP_JOURNAL: The journal holds \d+ requests? that/)
    expect(existsSync(join(cwd, 'copy'))).toBe(false)
    expect((await command(['backup', 'copy', '--without-journal'], { cwd })).code).toBe(0)
  }
  const next = await startCollect(cwd)
  expect((await command(['backup', 'copy'], { cwd })).code).toBe(0)
  next.child.kill('SIGTERM')
  await next.finished
  expect((await command(['backup', 'copy'], { cwd })).code).toBe(0)
  await command(['restore', 'copy', '--db', 'restored.duckdb'], { cwd })
  expect(await runsIn('restored.duckdb', cwd)).toHaveLength(1)
})

test.each<[string, readonly string[], string]>([
  [
    'a database that is not there',
    ['backup', 'copy', '--db', 'none.duckdb'],
    'T2_DATABASE_MISSING',
  ],
  ['a store in memory', ['backup', 'copy', '--db', ':memory:'], 'T2_USAGE'],
  ['a directory without a name', ['backup', ''], 'T2_USAGE'],
  ['an address to restore to', ['restore', 'copy', '--db', 'http://localhost:1'], 'T2_USAGE'],
  ['a directory that is no backup', ['restore', '.', '--db', 'a.duckdb'], 'T2_BACKUP_INCOMPLETE'],
])('%s is refused', async (_, args, code) => {
  const cwd = temporaryDirectory()
  const { err, code: exit } = await command(args, { cwd })
  expect(err).toContain(`error ${code}`)
  expect(exit).toBe(code === 'T2_USAGE' ? 2 : 1)
})
