import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { columnsOf } from './columns.ts'
import { plainBulk } from './plain-append.ts'
import type { RowBlock, RowBuffer } from './rows.ts'
import { vectorBulk } from './vector-append.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
beforeEach(async () => {
  await connection.run(`CREATE OR REPLACE TABLE kinds (
    id UINTEGER NOT NULL, plain VARCHAR, json JSON, time UBIGINT, part DOUBLE, flag BOOLEAN NOT NULL
  )`)
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

interface Kinds {
  readonly plain: string | null
  /** A text that is written in place, as a JSON string. */
  readonly json: string | null
  readonly time: bigint | null
  readonly part: number | null
  readonly flag: boolean
}

function write(row: RowBuffer, id: number, { plain, json, time, part, flag }: Kinds): void {
  row.count(id).text(plain)
  if (json === null) row.text(null)
  else row.written((out) => out.text('{"is":').json(json).text('}'))
  row.unsigned(time).double(part).boolean(flag).end()
}

/** The rows of the table, in the order of {@link valuesOf}. */
async function stored(): Promise<readonly unknown[][]> {
  const result = await connection.runAndReadAll(
    `SELECT plain, json->>'is', time, part, flag FROM kinds ORDER BY id`,
  )
  return result.getRows()
}

function valuesOf({ plain, json, time, part, flag }: Kinds): unknown[] {
  return [plain?.toWellFormed() ?? null, json?.toWellFormed() ?? null, time, part, flag]
}

// Lengths on both sides of what DuckDB keeps in place (12 bytes), and of what is copied letter by letter (64).
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 10, maxLength: 14 }),
  fc.constantFrom('', '\u0000', 'the same', 'the same, but longer than that', 'é'.repeat(6)),
)
const kinds: fc.Arbitrary<Kinds> = fc.record({
  plain: fc.option(text),
  json: fc.option(text),
  time: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  part: fc.option(fc.double({ noNaN: true })),
  flag: fc.boolean(),
})
const one: Kinds = { plain: 'a text of some length', json: 'b', time: 3n, part: 0.5, flag: false }

describe.each([
  ['vectors', vectorBulk],
  ["DuckDB's own appender", plainBulk],
])('%s', (_, { appendBlocks, appendRows, rowBuffer }) => {
  test('what is appended is in the table, value by value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(kinds), fc.constantFrom(1, 7, 300), async (rows, times) => {
        await connection.run('DELETE FROM kinds')
        const all = Array.from({ length: times }, () => rows).flat()
        await appendRows(connection, 'kinds', all.entries(), (row, [id, item]) =>
          write(row, id, item),
        )
        expect(await stored()).toEqual(all.map(valuesOf))
      }),
      { numRuns: 60 },
    )
  })

  test('texts may be longer than all buffers', async () => {
    const lengths = [1, 20_000_000, 12, 13, 9_000_000, 0, 3_000_000]
    const row = (length: number): Kinds => ({
      plain: 'ä'.repeat(length),
      json: 'x'.repeat(length),
      time: 1n,
      part: null,
      flag: true,
    })
    await appendRows(connection, 'kinds', lengths.entries(), (out, [id, length]) =>
      write(out, id, row(length)),
    )
    const result = await connection.runAndReadAll(
      `SELECT length(plain)::INTEGER, length(json->>'is')::INTEGER, md5(plain) = md5(repeat('ä', length(plain)))
     FROM kinds ORDER BY id`,
    )
    expect(result.getRows()).toEqual(lengths.map((length) => [length, length, true]))
  })

  test('rows that the table refuses are told of, and the next ones are taken', async () => {
    await connection.run('CREATE OR REPLACE TABLE strict (name VARCHAR NOT NULL, UNIQUE (name))')
    const append = (names: readonly (string | null)[]) =>
      appendRows(connection, 'strict', names, (row, name) => row.text(name).end())
    await append(['a'])
    await expect(append(['b', null])).rejects.toThrow(/NOT NULL/)
    await expect(append(['c', 'a'])).rejects.toThrow(/[Dd]uplicate/)
    await append(['d'])
    const result = await connection.runAndReadAll('SELECT name FROM strict ORDER BY name')
    expect(result.getRows()).toEqual([['a'], ['d']])
  })

  test('a value that is no text where one should be is refused, and the next rows are taken', async () => {
    // As code that trusts an object of a stranger would hand it over.
    for (const value of [{}, Object.prototype, 5, () => 'x'] as unknown[]) {
      const append = appendRows(connection, 'kinds', [1, 2, 3], (row, id) =>
        write(row, id, { ...one, ...(id === 2 ? { plain: value as string } : {}) }),
      )
      await expect(append).rejects.toThrow(TypeError)
    }
    expect(await stored()).toEqual([])
    await appendRows(connection, 'kinds', [1, 2], (row, id) => write(row, id, one))
    expect(await stored()).toEqual([one, one].map(valuesOf))
  })

  test('a value of another type than the column, or a row that lacks some, is a mistake that leaves nothing behind', async () => {
    const append = (writeRow: (row: RowBuffer) => void) =>
      appendRows(connection, 'kinds', [1, 2], (row, id) =>
        id === 1 ? write(row, id, one) : writeRow(row),
      )
    await expect(append((row) => row.text('no number'))).rejects.toThrow(TypeError)
    await expect(append((row) => row.count(1).text('').end())).rejects.toThrow(TypeError)
    await appendRows(connection, 'kinds', [one], (row, item) => write(row, 1, item))
    expect(await stored()).toEqual([valuesOf(one)])
  })

  test('blocks may come from elsewhere, and their memory may be used again', async () => {
    const kindsOfColumns = await columnsOf(connection, 'kinds')
    const blocks: RowBlock[] = []
    const spare: RowBlock[] = []
    const rows = rowBuffer(kindsOfColumns, (block) => {
      blocks.push(block)
      return spare.pop()
    })
    let id = 0
    const items = (count: number, plain: string | null) =>
      Array.from({ length: count }, (): Kinds => ({ ...one, plain, time: plain ? null : 1n }))
    const wanted: Kinds[] = []
    for (const batch of [
      items(5000, null),
      items(3, 'short'),
      items(4100, 'a text of some length'),
    ]) {
      for (const item of batch) write(rows, id++, item)
      rows.flush()
      wanted.push(...batch)
      const sent = blocks.splice(0).map((block) => structuredClone(block))
      await appendBlocks(connection, 'kinds', sent)
      spare.push(...sent)
    }
    expect(await stored()).toEqual(wanted.map(valuesOf))
  })
})
