import { sql } from '../sql.ts'

/** Ends the values of a column: JSON has no such character, and texts hardly ever do. */
const GROUP = '\u001d'
/** Stands where a row has nothing. */
const NOTHING = '\u001e'
/** Ends a value. */
const VALUE = '\u001f'

/** Columns that every row has something in, as SQL over `span`, by the names that they get. */
const always = {
  spanId: 'span_id',
  kind: 'kind',
  nodeKind: sql('node-kind'),
  op: 'op',
  dialect: 'dialect',
  description: 'description',
  startNs: 'start_ns::VARCHAR',
  tookNs: 'CASE WHEN end_ns > start_ns THEN end_ns - start_ns ELSE 0 END::VARCHAR',
  inputPlain: 'input_plain::VARCHAR',
  outputPlain: 'output_plain::VARCHAR',
} as const
/** Columns that a row may have nothing in. */
const maybe = {
  parent: 'parent_span_id',
  opKind: 'op_kind',
  callId: 'call_id',
  sourceHash: 'source_hash',
  model: 'model',
  error: 'error',
  errorFrame: 'error_frame',
  outputHash: 'output_hash',
  inputRef: 'input_ref',
  outputRef: 'output_ref',
  templates: 'templates::VARCHAR',
  input: 'input::VARCHAR',
  output: 'output::VARCHAR',
  inputs: 'inputs::VARCHAR',
} as const

type Always = keyof typeof always
type Maybe = keyof typeof maybe

/** What a graph needs of the spans of one trace, column by column. */
export interface TraceColumns
  extends Readonly<Record<Always, readonly string[]>>,
    Readonly<Record<Maybe, readonly (string | null)[]>> {
  readonly traceId: string
}

/**
 * Asks for the spans of traces, a row for each trace: its columns as one text, which {@link columnsOf} takes apart. Its bytes
 * are asked for: a text of the heap would be moved about twice before its turn comes.
 * What crosses from DuckDB is one value for each trace. A value for each span, or for each of its columns, takes several
 * times as long, and so does JSON.
 *
 * @param which a condition on `span`.
 */
export function traceColumns(which: string): string {
  const parts = [
    ...Object.values(always).map((column) => `string_agg(${column}, ${written(VALUE)})`),
    ...Object.values(maybe).map(
      (column) => `CASE WHEN count(${column}) = 0 THEN ${written(NOTHING)}
        ELSE string_agg(${marked(column)}, ${written(VALUE)}) END`,
    ),
  ]
  return `SELECT trace_id, encode(concat_ws(${written(GROUP)}, trace_id, count(*)::VARCHAR, ${parts.join(',\n')})) AS texts
FROM span WHERE ${sql('is-operator')} AND ${which} GROUP BY trace_id`
}

/** A text that looks like the mark of nothing becomes two values, by which {@link columnsOf} knows that there is one. */
function marked(column: string): string {
  return `CASE WHEN ${column} IS NULL THEN ${written(NOTHING)} WHEN ${column} = ${written(NOTHING)} THEN ${written(VALUE)} ELSE ${column} END`
}

function written(character: string): string {
  return `chr(${character.charCodeAt(0)})`
}

/**
 * Takes the columns of a trace apart.
 *
 * @returns nothing where a value of it has a character that parts values: its spans have to be read one by one.
 */
export function columnsOf(texts: string): TraceColumns | undefined {
  const [traceId = '', count, ...groups] = texts.split(GROUP)
  const rows = Number(count)
  if (groups.length !== names.length) return undefined
  const columns: Record<string, unknown> = { traceId }
  for (const [at, name] of names.entries()) {
    const values = valuesOf(groups[at] ?? '', rows, at >= firstMaybe)
    if (!values) return undefined
    columns[name] = values
  }
  return columns as unknown as TraceColumns
}

const names: readonly string[] = [...Object.keys(always), ...Object.keys(maybe)]
const firstMaybe = Object.keys(always).length

function valuesOf(
  group: string,
  rows: number,
  mayLack: boolean,
): readonly (string | null)[] | undefined {
  if (mayLack && group === NOTHING) return nothings(rows)
  const values: (string | null)[] = group.split(VALUE)
  if (values.length !== rows) return undefined
  if (mayLack && group.includes(NOTHING)) {
    for (let at = 0; at < rows; at++) if (values[at] === NOTHING) values[at] = null
  }
  return values
}

let nothing: readonly null[] = []

/** At least so many. */
function nothings(rows: number): readonly null[] {
  if (nothing.length < rows) nothing = new Array<null>(2 * rows).fill(null)
  return nothing
}
