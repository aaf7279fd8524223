import { Readable } from 'node:stream'
import type { Json } from '@trace2/core'
import { type CsvError, type Info, parse } from 'csv-parse'
import { raise } from '../../errors.ts'
import { type CsvColumn, columnsOf, delimiterOf } from './csv-columns.ts'
import { LineNumbers } from './line-numbers.ts'
import { isTooDeep } from './nesting.ts'
import type { LineProblems } from './problem.ts'
import { textOf } from './text.ts'

export interface CsvRecord {
  /** Its first line, from 1. */
  readonly line: number
  readonly values: { readonly [name: string]: Json }
}

/** A header is not longer than this. */
const longestHeader = 1024 * 1024
const lineFeed = 0x0a

/**
 * Records of a CSV file (RFC 4180; separated by commas, semicolons or tabs) by the columns of its header. `csv-parse` reads
 * it: a stream, so that the file's size does not matter. What is no record is noted in `problems`.
 *
 * @throws {Trace2Error} `T2_DATASET_FILE` for a header that names no input.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  problems: LineProblems,
): AsyncGenerator<CsvRecord> {
  const lines = new LineNumbers()
  const { header, all } = await withHeader(lines.of(chunks))
  const parser = Readable.from(all, { objectMode: false }).pipe(
    parse({
      delimiter: delimiterOf(header),
      // Cells come as bytes, so that one which is not UTF-8 can be told from one with a replacement character.
      encoding: null,
      info: true,
      relax_column_count: true,
      // A quote within a text is part of it.
      relax_quotes: true,
      max_record_size: 0,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        noteSkipped(error, lines, problems)
        return undefined
      },
    }),
  )
  let columns: readonly CsvColumn[] | undefined
  let before = { bytes: 0, empty_lines: 0 }
  for await (const { record, info } of recordsOf(parser)) {
    const line = lines.at(before.bytes) + info.empty_lines - before.empty_lines
    before = info
    if (!columns) {
      columns = columnsOf(record.map(textOf))
      continue
    }
    if (record.every((cell) => cell.length === 0)) continue
    const known = columns
    const values = problems.try(line, () => valuesOf(record, known))
    if (values) yield { line, values }
  }
}

interface ParsedRecord {
  readonly record: readonly Uint8Array[]
  readonly info: Info
}

/** The parser's records, which its types do not know for cells of bytes. */
async function* recordsOf(parser: AsyncIterable<ParsedRecord>): AsyncGenerator<ParsedRecord> {
  yield* parser
}

function noteSkipped(
  error: CsvError | undefined,
  lines: LineNumbers,
  problems: LineProblems,
): void {
  const unclosed = error?.code === 'CSV_QUOTE_NOT_CLOSED'
  const message = unclosed
    ? 'A quote in this record is never closed: the rest of the file is not read.'
    : `The line is no CSV record: ${error?.message ?? 'unknown'}`
  // The end of the record before it.
  const before = typeof error?.bytes === 'number' ? error.bytes : 0
  problems.add(lines.at(before), raise('T2_CASE_TEXT', message))
}

function valuesOf(
  record: readonly Uint8Array[],
  columns: readonly CsvColumn[],
): { readonly [name: string]: Json } {
  const extra = record.slice(columns.length).some((cell) => cell.length > 0)
  if (extra || record.length < columns.length) {
    const count = `${record.length} cells, and the header ${columns.length}`
    throw raise('T2_CASE_TEXT', `The record has ${count}.`)
  }
  const cells = columns.flatMap((column, at) => {
    const text = textOf(record[at] ?? new Uint8Array())
    // A column without a name is what is left of a spreadsheet's empty one.
    if (column.name === '' && text === '') return []
    return [{ ...column, text }]
  })
  const inputs = cells.flatMap(({ name, role, json, text }): [string, Json][] =>
    role ? [[name, json ? jsonOf(text, name) : text]] : [],
  )
  const fields = cells.flatMap(({ name, role, json, text }): [string, Json][] => {
    if (role) return []
    if (name === 'input' && !json) return [[name, text]]
    return text === '' ? [] : [[name, json ? jsonOf(text, name) : text]]
  })
  const own = Object.fromEntries(fields)
  return inputs.length === 0 ? own : { ...own, inputs: Object.fromEntries(inputs) }
}

function jsonOf(text: string, column: string): Json {
  const name = JSON.stringify(column).slice(0, 80)
  if (isTooDeep(text)) throw raise('T2_CASE_TEXT', `The cell of ${name} is nested too deep.`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw raise('T2_CASE_TEXT', `The cell of ${name} is not JSON.`, { cause: error })
  }
}

/** The beginning of a file, up to the end of its first line with anything on it, and all of the file. */
async function withHeader(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly header: string; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let begun = Buffer.alloc(0)
  while (!hasLine(begun) && begun.length < longestHeader) {
    const { value, done } = await iterator.next()
    if (done) break
    begun = Buffer.concat([begun, value])
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield begun
    for (;;) {
      const { value, done } = await iterator.next()
      if (done) return
      yield value
    }
  }
  const [header = ''] = begun
    .toString('utf8')
    .trimStart()
    .split(/[\r\n]/, 1)
  return { header, all: all() }
}

function hasLine(bytes: Buffer): boolean {
  return (
    bytes.indexOf(
      lineFeed,
      bytes.findIndex((byte) => byte > 0x20),
    ) >= 0
  )
}
