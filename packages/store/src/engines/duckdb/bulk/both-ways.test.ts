import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { AnyValue, SpanRecord } from '../../../otlp/records.ts'
import { runIn, spellings } from '../../../testing/dialect-runs/index.ts'
import { span } from '../../../testing/spans.ts'
import type { OpenDatabase } from '../duckdb-store.ts'

let byVectors: OpenDatabase
let byAppender: OpenDatabase

/** A database of an engine whose modules are loaded anew: which way rows take is decided when they are. */
async function openWith(plain: string): Promise<OpenDatabase> {
  vi.stubEnv('TRACE2_PLAIN_APPENDER', plain)
  vi.resetModules()
  const { openDatabase } = await import('../duckdb-store.ts')
  return openDatabase(':memory:')
}

beforeAll(async () => {
  byVectors = await openWith('')
  byAppender = await openWith('1')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await byVectors.store.close()
  await byAppender.store.close()
})

/** The rows of all tables but the one that says when the database was made. */
async function everything({ database }: OpenDatabase): Promise<Record<string, unknown>> {
  const tables = await database.rows(
    "SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT temporary AND table_name <> 'schema_meta'",
  )
  const all: Record<string, unknown> = {}
  for (const { name } of tables) {
    all[String(name)] = await database.rows(`SELECT * FROM "${name}" ORDER BY ALL`)
  }
  return all
}

async function writeBoth(records: readonly SpanRecord[]): Promise<void> {
  for (const { writer } of [byVectors, byAppender]) await writer.write(records, [], 1n)
}

async function expectAlike(): Promise<void> {
  const stored = await everything(byAppender)
  expect(stored).toEqual(await everything(byVectors))
  expect(stored.span).not.toEqual([])
}

test('runs in every dialect come to the same rows both ways', async () => {
  for (const [index, spelling] of Object.values(spellings).entries()) {
    await writeBoth(runIn(spelling, (0xa0 + index).toString(16)))
  }
  await expectAlike()
  expect((await everything(byAppender)).parameter_use).not.toEqual([])
})

test('more spans than a block holds come to the same rows both ways', async () => {
  await writeBoth(
    Array.from({ length: 5000 }, (_, n) =>
      span({ trace: 'b', id: (n + 1).toString(16), at: n, attributes: { 'output.value': `${n}` } }),
    ),
  )
  await expectAlike()
})

test('whatever spans say, their rows are the same both ways', { timeout: 120_000 }, async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constant('long '.repeat(600)),
  )
  const leaf = fc.oneof(text, fc.double({ noNaN: true }), fc.boolean(), fc.bigInt(-9n, 2n ** 60n))
  const value: fc.Arbitrary<AnyValue> = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }))
  const keys = [
    'trace2.kind',
    'trace2.inputs',
    'trace2.param.version.prompt',
    'trace2.param.value.prompt',
    'gen_ai.request.model',
    'gen_ai.usage.input_tokens',
    'gen_ai.input.messages',
    'input.value',
    'output.value',
    'session.id',
    'other',
  ]
  const attributes = fc.dictionary(fc.constantFrom(...keys), value)
  let id = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, attributes), { minLength: 1 }), async (sketches) => {
      await writeBoth(
        sketches.map(([name, some]) =>
          span({ trace: 'c', id: (++id).toString(16), name, at: id, attributes: some }),
        ),
      )
    }),
    { numRuns: 30 },
  )
  await expectAlike()
})
