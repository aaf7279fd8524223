import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { span } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'

const directory = temporaryDirectory()
let files = 0

async function database(): Promise<OpenDatabase> {
  const open = await openDatabase(join(directory, `${files++}.duckdb`))
  await open.store.writeSpans([span({ id: '1' })])
  return open
}

const refused = [
  "SELECT * FROM enable_profiling(format='json', save_location='x.json')",
  "SELECT * FROM Enable_Logging('QueryLog')",
  "SELECT 1 FROM v_span WHERE EXISTS (SELECT * FROM enable_logging(level='trace'))",
  'WITH x AS (FROM disable_checkpoint_on_shutdown()) SELECT 1',
  'SELECT * FROM checkpoint()',
  'SELECT * FROM force_checkpoint()',
  'SELECT * FROM enable_verification()',
  "SELECT * FROM query('SELECT 1')",
  "SELECT * FROM query_table('span')",
  'SELECT * FROM json_execute_serialized_sql(json_serialize_sql($$SELECT 1$$))',
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM glob('/etc/*')",
  "SELECT * FROM sniff_csv('/etc/passwd')",
  'SELECT * FROM duckdb_logs()',
  'SELECT * FROM duckdb_settings()',
  'SELECT * FROM duckdb_secrets()',
  "SELECT nextval('s')",
  "SELECT write_log('a line')",
  'SELECT sleep_ms(10)',
  'SELECT setseed(0.5)',
  'PRAGMA enable_profiling',
  'PRAGMA disable_checkpoint_on_shutdown',
  "PRAGMA table_info('span')",
  "PRAGMA import_database('x')",
  'CHECKPOINT',
  'EXPLAIN ANALYZE SELECT 1',
  'SELECT 1; SELECT 2',
  "COPY v_span TO 'x.csv'",
  'DELETE FROM span',
]

it('refuses whatever does more than compute, and goes on', async () => {
  const { store } = await database()
  const before = readdirSync(directory)
  for (const query of refused) {
    await expect(store.sql(query), query).rejects.toMatchObject({ code: 'T2_SQL_READ_ONLY' })
    const where = `id IN (${query})`
    await expect(store.runs({ where }), where).rejects.toMatchObject({ code: /^T2_SQL/ })
  }
  expect(readdirSync(directory)).toEqual(before)
  expect((await store.sql('SELECT count(*) FROM v_span')).rows).toEqual([[1]])
  expect(await store.runs()).toHaveLength(1)
  await store.close()
})

it.each([
  'FROM v_span',
  'DESCRIBE v_run',
  'SHOW TABLES',
  'SUMMARIZE v_span',
  'VALUES (1)',
  'SELECT * FROM range(3), generate_series(1, 2), unnest([1, 2])',
  'SELECT count(*) FILTER (WHERE failed), arg_max(id, started_at), quantile_cont(score, 0.5) FROM v_run',
  "SELECT strftime(started_at, '%H'), row_number() OVER (ORDER BY id) FROM v_run",
  "SELECT j.key FROM v_run, json_each(scores) j WHERE scores ->> 'a' IS NULL",
  "SELECT list_transform([1, 2], x -> x + 1), {'a': 1}.a, regexp_matches('a', 'b'), random() < 2, now() > '2020-01-01'",
  "SELECT [x * 2 FOR x IN [1, 2]], 'a' || 'b', CAST('1' AS INTEGER), date_trunc('day', started_at) FROM v_run",
  "SELECT column_name FROM duckdb_columns() WHERE table_name = 'v_run'",
  'SELECT * FROM information_schema.tables',
  'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT sum(i) FROM n',
  "SELECT version(), current_query(), repeat('a', 3), range(3), unnest(generate_series(1, 4))",
  "SELECT replace('abc', 'b', 'x'), regexp_replace('abc', 'b', 'x', 'g'), array_to_string(['a'], ',')",
  "SELECT range(10, 0, -2), range(DATE '2026-01-01', DATE '2026-01-05', INTERVAL 1 DAY)",
  "SELECT format('{:,}', 12345), printf('%.2f', 1.5), lpad('x', 3, '0')",
  "SELECT * FROM range(TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-03', INTERVAL 1 DAY)",
  'SELECT normalized_score(1, NULL, 0, 1, NULL, NULL)',
])('takes %s', async (query) => {
  const { store } = await database()
  expect((await store.sql(query)).columns.length).toBeGreaterThan(0)
  await store.close()
})

it('says in the words of DuckDB what is no function, and what is no SQL', async () => {
  const { store } = await database()
  await expect(store.sql('SELECT cuont(*) FROM v_span')).rejects.toMatchObject({
    code: 'T2_SQL',
    message: expect.stringContaining('cuont'),
  })
  await expect(store.sql('SELEC 1')).rejects.toMatchObject({ code: 'T2_SQL' })
  await expect(store.sql('')).rejects.toMatchObject({ code: /^T2_SQL/ })
  await store.close()
})

it('limits what a query gives', async () => {
  const { store } = await database()
  await expect(store.sql('SELECT * FROM range(1000001)')).rejects.toMatchObject({
    code: 'T2_SQL_LARGE',
  })
  await expect(store.sql("SELECT repeat('x', 10000) FROM range(100000)")).rejects.toMatchObject({
    code: 'T2_SQL_LARGE',
  })
  expect((await store.sql('SELECT * FROM range(300000)')).rows).toHaveLength(300_000)
  await store.close()
})

const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b'

it('leaves the rest of the store its connections, however many endless queries people send', async () => {
  const { store, database: held } = await database()
  const abandoned = Array.from({ length: 6 }, () => store.sql(endless).catch(String))
  expect(await store.runs()).toHaveLength(1)
  expect(await store.parameters()).toEqual([])
  await store.writeSpans([span({ id: '2' })])
  await expect(
    held.withGuest((connection) => connection.runAndReadAll(endless), { withinMs: 50 }),
  ).rejects.toMatchObject({ code: 'T2_SQL_BUSY' })
  await store.close()
  for (const answer of await Promise.all(abandoned)) expect(answer).toContain('closed')
})

it('ends a query when nobody waits for it any more, also one that waits for others', async () => {
  const { store } = await database()
  const gone = new AbortController()
  const asked = Array.from({ length: 6 }, () => store.sql(endless, { signal: gone.signal }))
  const alsoAsked = store.runs({ where: `(${endless}) > 0`, signal: gone.signal })
  const answers = Promise.allSettled([...asked, alsoAsked])
  const stillAsked = store.sql('SELECT 1')
  gone.abort()
  for (const answer of await answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'T2_SQL_ENDED' } })
  }
  expect((await stillAsked).rows).toEqual([[1]])
  await store.close()
})

it.each([
  'SELECT len(range(1000000000))',
  'SELECT len(generate_series(1, 1000000000))',
  'SELECT len(range(0, 1000000000, 1))',
  'SELECT len(system.main.range(1000000000))',
  "SELECT length(array_to_string(range(30000000), ','))",
  "SELECT length(array_to_string(range(100000), repeat('x', 90000)))",
  "SELECT length(replace(repeat('a', 90000), 'a', repeat('b', 90000)))",
  "SELECT length(regexp_replace(repeat('a', 90000), 'a', repeat('b', 90000), 'g'))",
  'SELECT len(list_resize([1], 1000000000))',
  "SELECT length(printf('%1000000000d', 1))",
  "SELECT length(format('{:1000000000}', 1))",
  "SELECT length(printf('%*d', 1000000000, 1))",
  "SELECT length(format('{:{}}', 1, 1000000000))",
  'SELECT len(range(1000000000, 0, -1))',
  "SELECT len(generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2027-01-01', INTERVAL 1 SECOND))",
  'SELECT pg_catalog.pg_sleep(1)',
  "SELECT current_setting('temp_directory')",
  "SELECT length(repeat('x', 1000000000))",
  "SELECT length(repeat(repeat('x', 1000), 1000))",
  "SELECT length(('x').repeat(1000000))",
  "SELECT length(main.repeat('x', 1000000))",
  "SELECT length(system.main.repeat('x', 1000000))",
  "SELECT length(system.main.lpad('x', 1000000, 'y'))",
  "SELECT length(lpad('x', 1000000, 'y'))",
  "SELECT length(rpad('x', 1000000, 'y'))",
])('refuses a call that makes a text of any length: %s', async (query) => {
  const { store } = await database()
  await expect(store.sql(query)).rejects.toMatchObject({ code: /^T2_SQL/ })
  await store.close()
})

it('ends a query that takes more memory than is good for the rest', async () => {
  const memoryBytes = 256 * 1024 ** 2
  const { store } = await openDatabase(join(directory, `${files++}.duckdb`), { memoryBytes })
  const before = process.memoryUsage.rss()
  // Blocks of texts, which do not count towards DuckDB's limit: 100 GB of them.
  const texts =
    "SELECT max(length(a.x || b.x)) FROM (SELECT repeat('x', 90000) AS x FROM range(1000)) a, (SELECT repeat('y', 90000 + range::INTEGER) AS x FROM range(1000)) b"
  await Promise.allSettled([
    store.sql(texts),
    store.sql("SELECT repeat('x', 99999) FROM range(1000000)"),
  ])
  expect(process.memoryUsage.rss() - before).toBeLessThan(memoryBytes + 1.5 * 1024 ** 3)
  expect((await store.sql('SELECT 1')).rows).toEqual([[1]])
  await store.close()
})

it('ends a query that takes too long, and lends its place to the next', async () => {
  const { store, database: held } = await database()
  for (let times = 0; times < 3; times++) {
    await expect(
      held.withGuest((connection) => connection.runAndReadAll(endless), { withinMs: 50 }),
    ).rejects.toMatchObject({ code: 'T2_SQL_TIME' })
  }
  expect((await store.sql('SELECT 1')).rows).toEqual([[1]])
  await store.close()
})
