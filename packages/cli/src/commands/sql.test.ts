import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

async function database() {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund', 'something else'], 'json')
  writeFileSync(join(cwd, 'runs.jsonl'), body)
  await command(['import', 'runs.jsonl'], { cwd })
  return { cwd, trace2: (...args: string[]) => command(args, { cwd }) }
}

test('rows come as a table, as JSON objects and as CSV', async () => {
  const { trace2 } = await database()
  const query = `SELECT name, failed, NULL AS "no,thing", 'a "b"' AS text FROM v_run ORDER BY failed`
  expect((await trace2('sql', query)).out).toBe(
    'name           failed  no,thing  text\nsupport-agent  false       NULL  a "b"\nsupport-agent  true        NULL  a "b"\n',
  )
  expect(JSON.parse((await trace2('sql', query, '--json')).out)[0]).toEqual({
    name: 'support-agent',
    failed: false,
    'no,thing': null,
    text: 'a "b"',
  })
  expect((await trace2('sql', query, '--format', 'csv')).out).toBe(
    'name,failed,"no,thing",text\r\nsupport-agent,false,,"a ""b"""\r\nsupport-agent,true,,"a ""b"""\n',
  )
})

test('rows that are wider than the terminal are shown one below the other', async () => {
  const { trace2 } = await database()
  const { out } = await trace2('sql', 'SELECT * FROM v_run')
  expect(out).toMatch(/^name +support-agent$/m)
  expect(out.split('\n\n')).toHaveLength(2)
})

test('a query can be read from standard input', async () => {
  const { cwd } = await database()
  const { out } = await command(['sql', '-', '--format', 'csv'], {
    cwd,
    input: 'SELECT count(*) AS n FROM v_run\n',
  })
  expect(out).toBe('n\r\n2\n')
})

test('anything that would change data is refused, and a mistake in the query is explained', async () => {
  const { trace2 } = await database()
  for (const query of [
    'DROP TABLE span',
    'DELETE FROM feedback',
    'SELECT 1; DROP TABLE span',
    "COPY span TO 'x.csv'",
  ]) {
    const { code, err } = await trace2('sql', query)
    expect(code, query).toBe(1)
    expect(err).toContain('error T2_SQL')
  }
  expect((await trace2('sql', 'SELECT nonsense FROM v_run')).err).toContain('nonsense')
})

test('runs can be chosen by time, by a condition and by whether they have feedback', async () => {
  const { trace2 } = await database()
  const names = async (...args: string[]) =>
    JSON.parse((await trace2('runs', '--json', ...args)).out).length
  expect(await names('--where', 'failed')).toBe(1)
  expect(await names('--feedback')).toBe(1)
  expect(await names('--no-feedback')).toBe(1)
  expect(await names('--limit', '1')).toBe(1)
  expect(await names('--since', '1h')).toBe(2)
  expect(await names('--since', '2099-01-01')).toBe(0)
  expect((await trace2('runs', '--where', 'failed; DROP TABLE span')).err).toContain('error T2_SQL')
})

test('an export is a directory of Parquet files', async () => {
  const { cwd, trace2 } = await database()
  const { code, out } = await trace2('export', 'all', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toHaveLength(readdirSync(join(cwd, 'all')).length)
  expect(readdirSync(join(cwd, 'all'))).toContain('v_run.parquet')
  expect((await trace2('export', 'all')).err).toContain('error T2_EXPORT')
})
