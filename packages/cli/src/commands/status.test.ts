import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { collectorProblems } from '../status/problems.ts'
import { command, startCommand, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

async function status(cwd: string, ...args: readonly string[]) {
  const { code, out, err } = await command(['status', '--json', ...args], { cwd })
  expect(code, err).toBe(0)
  return JSON.parse(out)
}

async function imported(...bodies: readonly string[]): Promise<string> {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(bodies, 'json')
  writeFileSync(join(cwd, 'a.jsonl'), body)
  await command(['import', 'a.jsonl'], { cwd })
  return cwd
}

test('it has something to say where there is nothing at all, and makes nothing', async () => {
  const cwd = temporaryDirectory()
  const { code, out, err } = await command(['status'], { cwd })
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(out).toContain('trace2.duckdb, which is not there yet')
  expect(out).toMatch(/next:\n {2}trace2 /)
  const { database, content, problems } = await status(cwd)
  expect({ database, content, problems }).toEqual({
    database: { location: 'trace2.duckdb', exists: false, bytes: null },
    content: null,
    problems: [],
  })
})

test('runs without feedback: it says that feedback is what is missing', async () => {
  const cwd = await imported('a lost password', 'another')
  const { content, next } = await status(cwd)
  expect(content).toMatchObject({
    runs: { count: 2, failed: 2, last: expect.any(String) },
    feedback: { count: 0, runs: 0 },
    parameters: 2,
    proposals: { open: [], accepted: 0, rejected: 0 },
  })
  expect(next[0]).toMatch(/^trace2 feedback last /)
  const { out } = await command(['status'], { cwd })
  expect(out).toMatch(/^hint +No run has feedback yet/m)
  expect(out).toMatch(/^runs +2 runs, the last .*, 2 failed$/m)
})

test('runs with feedback: the next step is to optimize', async () => {
  const cwd = await imported('a refund')
  const { content, next } = await status(cwd)
  expect(content.feedback).toEqual({ count: 1, runs: 1 })
  expect(next).toEqual(['trace2 optimize'])
  const elsewhere = await status(cwd, '--db', './trace2.duckdb')
  expect(elsewhere.next).toEqual(['trace2 optimize --db ./trace2.duckdb'])
})

test('a collector that keeps another database is not taken for the one of this', {
  timeout: 60_000,
}, async () => {
  const cwd = temporaryDirectory()
  const { child, finished, url } = await collecting(cwd, '--db', 'other.duckdb')
  expect((await status(cwd)).next[0]).toBe('trace2 collect')
  const others = ['--db', 'other.duckdb']
  expect((await status(cwd, ...others)).hint).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${url}`)
  const none = await command(['runs', ...others], { cwd })
  expect(none.err).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${url}`)
  expect(none.err).not.toContain('trace2 collect')
  child.kill('SIGTERM')
  await finished
})

/** A collector that listens. */
async function collecting(cwd: string, ...args: readonly string[]) {
  const started = startCommand(['collect', '--port', '0', ...args], { cwd })
  const url = await new Promise<string>((resolve) => {
    let text = ''
    started.child.stdout?.on('data', (chunk) => {
      text += chunk
      const found = /Listening on (\S+)\n/.exec(text)?.[1]
      if (found) resolve(found)
    })
  })
  return { ...started, url }
}

test('a running collector is found beside the database and at its address', {
  timeout: 60_000,
}, async () => {
  const cwd = await imported('a refund')
  const { child, finished, url } = await collecting(cwd)
  const [found] = (await status(cwd)).collectors
  expect(found).toMatchObject({ url, pid: child.pid, ready: true, reasons: [] })
  expect(found.db).toMatch(/trace2\.duckdb$/)
  const there = await status(temporaryDirectory(), '--db', url)
  expect(there.collectors).toMatchObject([{ url, pid: null, ready: true }])
  expect(there.content.runs.count).toBe(1)
  child.kill('SIGTERM')
  await finished
  expect((await status(cwd)).collectors).toEqual([])
})

test('what is wrong is a problem with a remedy, and no failure', async () => {
  const cwd = await imported('a refund')
  const kept = join(cwd, 'trace2.duckdb.journal', 'refused', 'x')
  mkdirSync(kept, { recursive: true })
  writeFileSync(join(kept, '000000000001.reason.txt'), '404 no such path')
  const { problems } = await status(cwd)
  expect(problems).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('refused 1 request,') },
  ])
  writeFileSync(join(cwd, 'trace2.duckdb'), 'no database '.repeat(1000))
  const damaged = await status(cwd)
  expect(damaged.content).toBeNull()
  expect(damaged.problems[0]).toMatchObject({ severity: 'error', remedy: expect.any(String) })
})

test.each([
  ['trace2_spans_rejected_total', 1, 'rejected 1 span.'],
  ['trace2_spans_rejected_total', 1200, 'rejected 1,200 spans.'],
  ['trace2_journal_damaged_entries_total', 2, 'lost 2 requests'],
  ['trace2_store_set_aside_total', 1, 'set 1 request aside'],
  ['trace2_forward_refused_total', 3, '3 requests refused by forward targets'],
  ['trace2_forward_rejected_total', 1, '1 record that'],
  ['trace2_forward_abandoned_total', 5, 'gave up 5 requests'],
  ['trace2_consumer_lag_seconds', 90.4, 'waits for 90 seconds'],
])('a collector that counts %s = %s has a problem', (metric, count, words) => {
  const well = { url: 'http://h', pid: null, db: null, ready: true, reasons: [], targets: [] }
  expect(collectorProblems([{ ...well, counts: { [metric]: 0 } }])).toEqual([])
  const problems = collectorProblems([{ ...well, counts: { [metric]: count } }])
  expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining(words) }])
})

test('a collector that is not ready, or does not answer, says why', () => {
  const ill = { url: 'http://h', pid: 1, db: 'a', ready: false, reasons: ['the journal is full'] }
  expect(collectorProblems([{ ...ill, counts: null, targets: [] }])).toMatchObject([
    { severity: 'error', message: 'The collector at http://h is not ready: the journal is full.' },
  ])
})
