import type { DuckDBConnection } from '@duckdb/node-api'

/** Most items of a list that one call makes, where it is no table. */
const MOST_ITEMS = 1_000_000
/** Most characters that one call makes of a number that says how many, or of texts put in the place of others. */
const MOST = 100_000
const MOST_OF_TEXTS = 50_000_000

/** Functions that make a text or a list at once as long as their arguments say: nothing can end them on the way. */
const sized: readonly (readonly [name: string, forms: readonly (readonly [string, string])[]])[] = [
  ['repeat', [['s, n', `n * length(s::VARCHAR) > ${MOST}`]]],
  ['lpad', [['s, n, c', `n > ${MOST}`]]],
  ['rpad', [['s, n, c', `n > ${MOST}`]]],
  ['replace', [['s, a, b', `length(s) * length(b) > ${MOST_OF_TEXTS}`]]],
  [
    'regexp_replace',
    [
      ['s, p, r', `length(s) * length(r) > ${MOST_OF_TEXTS}`],
      ['s, p, r, o', `length(s) * length(r) > ${MOST_OF_TEXTS}`],
    ],
  ],
  ['array_to_string', [['l, s', `len(l) * length(s) > ${MOST_OF_TEXTS}`]]],
  [
    'list_resize',
    [
      ['l, n', `n > ${MOST}`],
      ['l, n, v', `n > ${MOST}`],
    ],
  ],
  // Between times there is no such list, only a table: `FROM range(…)`.
  [
    'range',
    [
      ['a', `a > ${MOST_ITEMS}`],
      ['a, b', `b - a > ${MOST_ITEMS}`],
    ],
  ],
  [
    'generate_series',
    [
      ['a', `a > ${MOST_ITEMS}`],
      ['a, b', `b - a > ${MOST_ITEMS}`],
    ],
  ],
  [
    'array_resize',
    [
      ['l, n', `n > ${MOST}`],
      ['l, n, v', `n > ${MOST}`],
    ],
  ],
]

/** Lets a connection's own functions stand before those of DuckDB, which refuse what would be too long. */
export async function limitSizes(connection: DuckDBConnection): Promise<void> {
  for (const [name, forms] of sized) {
    const written = forms.map(([parameters, isTooLong]) => {
      const error = `error('${name} would make more than a query may.')`
      return `(${parameters}) AS CASE WHEN ${isTooLong} THEN ${error} ELSE system.main.${name}(${parameters}) END`
    })
    await connection.run(`CREATE TEMP MACRO ${name} ${written.join(', ')}`)
  }
}

const names = new Set(sized.map(([name]) => name))

/** Whether a function is one of these: with a schema before its name, it would be DuckDB's own. */
export function isSized(name: string): boolean {
  return names.has(name)
}

const formats: ReadonlySet<string> = new Set(['printf', 'format'])

/** Whether a call fills a field to a width that is unknown, or has more than three digits. */
export function hasWideField(name: string, call: object): boolean {
  if (!formats.has(name)) return false
  const [first]: readonly unknown[] = Object(Reflect.get(call, 'children'))
  const form: unknown = Object(Reflect.get(Object(first), 'value')).value
  return typeof form !== 'string' || /\d{4}|[*{]\s*\{|\*/.test(form)
}
