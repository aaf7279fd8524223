import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { canonicalRows } from '../../../reading/canonical-span.ts'
import { span } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { prepareSchema, SCHEMA_VERSION } from '../admin/schema.ts'
import { appendRows } from '../bulk/index.ts'
import { Database } from '../database.ts'
import { ContentCollector } from '../ingest/content.ts'
import { type SpanSource, spanSource } from '../ingest/span-rows.ts'
import { makeOldStore, oldForms } from '../testing/old-store.ts'
import { tablesPage } from '../testing/tables-page.ts'
import { type ColumnOptions, columnsOf } from './column.ts'
import { feedbackTable, type StoredFeedback } from './feedback.ts'
import { storeTables } from './index.ts'
import { packedReading, reading } from './read-rows.ts'
import { additionsOf, versionOfTables } from './schema-text.ts'
import { spanTable } from './span.ts'
import { type TableShape, table } from './table.ts'
import { insertRows, rowWriter } from './write-rows.ts'

const directory = temporaryDirectory()
let files = 0
const open: Database[] = []
afterEach(async () => {
  for (const database of open.splice(0)) await database.close()
})

/** A database with some tables; `before` makes what an older version had left. */
async function databaseWith(
  tables: readonly TableShape[],
  before?: (path: string) => Promise<void>,
): Promise<Database> {
  const path = `${directory}/tables-${files++}.duckdb`
  await before?.(path)
  const database = await Database.open(path, { exportDirectory: `${path}.exports` })
  open.push(database)
  await prepareSchema(database, path, tables)
  return database
}

/** What makes a store of each older version, and what it is called. */
const older = Object.entries(oldForms).map(
  ([version, form]): [string, (path: string) => Promise<void>] => [
    `of a store of version ${version}`,
    (path) => makeOldStore(path, form),
  ],
)

async function today(path: string): Promise<void> {
  const database = await Database.open(path, { exportDirectory: `${path}.exports` })
  await prepareSchema(database, path)
  await database.close()
}

/** Columns and keys of the tables and views that a database has. */
async function shapeOf(database: Database): Promise<unknown> {
  const columns = await database.rows(
    `SELECT table_name, column_index, column_name, data_type, is_nullable, column_default
     FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index`,
  )
  const keys = await database.rows(
    'SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL',
  )
  return { columns, keys }
}

it.each(older)('makes %s what it makes of nothing', async (_, before) => {
  const migrated = await shapeOf(await databaseWith(storeTables, before))
  expect(migrated).toEqual(await shapeOf(await databaseWith(storeTables)))
})

it('describes every table of a store, but for the one that says its version', async () => {
  const database = await databaseWith(storeTables)
  const found = await database.rows(
    'SELECT table_name AS name FROM duckdb_tables() WHERE NOT internal ORDER BY name',
  )
  const described = [...storeTables.map(({ name }) => name), 'schema_meta'].sort()
  expect(found.map(({ name }) => name)).toEqual(described)
})

it('is what docs/tables.md says', async () => {
  const path = fileURLToPath(new URL('../../../../../../docs/tables.md', import.meta.url))
  await expect(tablesPage(storeTables)).toMatchFileSnapshot(path)
})

const next: ColumnOptions = { since: SCHEMA_VERSION + 1 }

/** The table of spans with one column of each kind more. */
function moreOfSpans() {
  const { textOrNull, unsignedOrNull, doubleOrNull } = columnsOf<SpanSource>()
  return table({
    ...spanTable,
    columns: [
      ...spanTable.columns,
      textOrNull('first_word', 'First word of the name.', firstWord, next),
      unsignedOrNull('letters', 'Letters of the name.', ({ record }) => record.name.length, next),
      doubleOrNull('half', 'Half of them.', ({ record }) => record.name.length / 2, next),
    ],
  })
}

function firstWord({ record: { name } }: SpanSource): string | null {
  return name === '' ? null : (name.split(' ')[0] ?? null)
}

/** The table of feedback with a column more. */
function moreOfFeedback() {
  const { textOrNull } = columnsOf<StoredFeedback>()
  const loud = textOrNull(
    'loud',
    'The comment, louder.',
    (of) => of.comment?.toUpperCase() ?? null,
    next,
  )
  return table({ ...feedbackTable, columns: [...feedbackTable.columns, loud] })
}

describe('a column that is added to the description of a table', () => {
  const spans = moreOfSpans()
  const feedback = moreOfFeedback()
  const tables = storeTables.map((one) =>
    one === spanTable ? spans : one === feedbackTable ? feedback : one,
  )

  it('makes another version of the tables', () => {
    expect(versionOfTables(tables)).toBe(SCHEMA_VERSION + 1)
  })

  it('may have nothing in it, for older rows have nothing', () => {
    const { count } = columnsOf<SpanSource>()
    const letters = count(
      'letters',
      'Letters of the name.',
      ({ record }) => record.name.length,
      next,
    )
    const table = { ...spanTable, columns: [...spanTable.columns, letters] }
    expect(() => additionsOf([table], SCHEMA_VERSION + 1)).toThrow('span.letters')
  })

  it.each([['of nothing', undefined], ...older, ['of a store of today', today]])(
    'is in a database that is made %s',
    async (_, before) => {
      const database = await databaseWith(tables, before)
      expect(await shapeOf(database)).toEqual(await shapeOf(await databaseWith(tables)))
    },
  )

  it.each([
    ['new', undefined],
    ['migrated', today],
  ])('is written, read and shown in a %s store', async (_, before) => {
    const database = await databaseWith(tables, before)
    const names = ['draft a plan', '']
    const sources = names.map((name, index) => {
      const record = { ...span({ id: String(index) }), name }
      return spanSource(record, canonicalRows(record), new ContentCollector(), 1n)
    })
    await database.write((connection) => appendRows(connection, 'span', sources, rowWriter(spans)))
    const whole = reading(spans)
    const rows = await database.rows(`SELECT ${whole.select} FROM span ORDER BY span_id`)
    expect(rows.map(whole.read)).toMatchObject([
      { name: 'draft a plan', first_word: 'draft', letters: 12n, half: 6, received_ns: 1n },
      { name: '', first_word: null, letters: 0n, half: 0, received_ns: 1n },
    ])
    const packed = packedReading(spans, ['first_word', 'letters', 'half', 'input_plain'])
    const texts = await database.rows(
      `SELECT ${packed.select} AS texts FROM span ORDER BY span_id LIMIT 1`,
    )
    expect(texts.map(({ texts }) => packed.read(String(texts)))).toEqual([
      { first_word: 'draft', letters: 12n, half: 6, input_plain: false },
    ])
    expect(
      await database.rows("SELECT first_word, half FROM v_span WHERE first_word = 'draft'"),
    ).toEqual([{ first_word: 'draft', half: 6 }])
  })

  it('is written with one statement for many rows', async () => {
    const database = await databaseWith(tables, today)
    const pieces = ['good', null].map(
      (comment, index): StoredFeedback => ({
        ...{ id: `f-${index}`, traceId: 'a', spanId: null, name: 'n', score: index, label: null },
        ...{ comment, source: 'code', identifier: String(index), createdNs: 5n },
      }),
    )
    await database.write((connection) => insertRows(connection, feedback, pieces, 'OR REPLACE'))
    await database.write((connection) => insertRows(connection, feedback, pieces, 'OR REPLACE'))
    const whole = reading(feedback)
    const rows = await database.rows(`SELECT ${whole.select} FROM feedback ORDER BY id`)
    expect(rows.map(whole.read)).toMatchObject([
      { id: 'f-0', span_id: '', score: 0, comment: 'good', loud: 'GOOD', created_ns: 5n },
      { id: 'f-1', span_id: '', score: 1, comment: null, loud: null, created_ns: 5n },
    ])
  })

  it('is documented, in its table and in its view', () => {
    const before = new Set(tablesPage(storeTables).split('\n'))
    const added = tablesPage(tables)
      .split('\n')
      .filter((line) => !before.has(line))
    expect(added).toEqual(
      expect.arrayContaining([
        '| `first_word` | `VARCHAR` or NULL | First word of the name. |',
        '| `letters` | `UBIGINT` or NULL | Letters of the name. |',
        '| `half` | `DOUBLE` or NULL | Half of them. |',
        '| `loud` | `VARCHAR` or NULL | The comment, louder. |',
      ]),
    )
    const views = added.filter((line) => line.startsWith('As in the table:'))
    expect(views).toEqual([
      expect.stringContaining('`first_word`, `letters`, `half`'),
      expect.stringContaining('`loud`'),
    ])
  })
})

it('takes the columns of a span that are read again with its notes from their descriptions', async () => {
  const reread = spanTable.columns.filter((column) => column.reread).map(({ name }) => name)
  expect(reread).toEqual(expect.arrayContaining(['op', 'input', 'output', 'cost_usd', 'inputs']))
  for (const received of ['trace_id', 'attributes', 'start_ns', 'received_ns']) {
    expect(reread).not.toContain(received)
  }
})
