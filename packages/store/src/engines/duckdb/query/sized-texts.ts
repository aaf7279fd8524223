import type { DuckDBConnection } from '@duckdb/node-api'

/** Most items of a list that one call makes, where it is no table. */
const MOST_ITEMS = 1_000_000
/** Most characters that one call makes of a number that says how many, or of texts put in the place of others. */
const MOST = 100_000
const MOST_OF_TEXTS = 50_000_000

/** How many items there are from one number or time to another, by steps of a number or an interval. */
const steps = (kind: 'DOUBLE' | 'TIMESTAMP', between: string, step: string) =>
  `${between.replaceAll(/[ab]\b/g, (end) => `TRY_CAST(${end}::VARCHAR AS ${kind})`)} / ${step}`
const numbers = steps('DOUBLE', '(b - a)', 'TRY_CAST(c::VARCHAR AS DOUBLE)')
const times = steps(
  'TIMESTAMP',
  "date_diff('second', a, b)",
  'epoch(TRY_CAST(c::VARCHAR AS INTERVAL))',
)

type Forms = readonly (readonly [parameters: string, isTooMuch: string])[]

const ranges: Forms = [
  ['a', `a > ${MOST_ITEMS}`],
  ['a, b', `b - a > ${MOST_ITEMS}`],
  ['a, b, c', `abs(coalesce(${numbers}, ${times})) > ${MOST_ITEMS}`],
]
const resized: Forms = [
  ['l, n', `n > ${MOST}`],
  ['l, n, v', `n > ${MOST}`],
]
const replaced = `length(s) * length(r) > ${MOST_OF_TEXTS}`

/** Functions that make a text or a list at once as long as their arguments say: nothing can end them on the way. */
const sized: Readonly<Record<string, Forms>> = {
  repeat: [['s, n', `n * length(s::VARCHAR) > ${MOST}`]],
  lpad: [['s, n, c', `n > ${MOST}`]],
  rpad: [['s, n, c', `n > ${MOST}`]],
  replace: [['s, a, r', replaced]],
  regexp_replace: [
    ['s, p, r', replaced],
    ['s, p, r, o', replaced],
  ],
  array_to_string: [['l, s', `len(l) * length(s) > ${MOST_OF_TEXTS}`]],
  list_resize: resized,
  array_resize: resized,
  range: ranges,
  generate_series: ranges,
}

/** Lets a connection's own functions stand before those of DuckDB, which refuse what would be too long. */
export async function limitSizes(connection: DuckDBConnection): Promise<void> {
  for (const [name, forms] of Object.entries(sized)) {
    const written = forms.map(([parameters, isTooLong]) => {
      const error = `error('${name} would make more than a query may.')`
      return `(${parameters}) AS CASE WHEN ${isTooLong} THEN ${error} ELSE system.main.${name}(${parameters}) END`
    })
    await connection.run(`CREATE TEMP MACRO ${name} ${written.join(', ')}`)
  }
}

/** Whether a function is one of these: with a schema before its name, it would be DuckDB's own. */
export function isSized(name: string): boolean {
  return Object.hasOwn(sized, name)
}

const formats: ReadonlySet<string> = new Set(['printf', 'format'])

/** Whether a call fills a field to a width that has more than three digits, or that another argument says. */
export function hasWideField(name: string, call: object): boolean {
  if (!formats.has(name)) return false
  const [first]: readonly unknown[] = Object(Reflect.get(call, 'children'))
  const form: unknown = Object(Reflect.get(Object(first), 'value')).value
  return typeof form !== 'string' || /\d{4}|\*|\{[^}]*\{/.test(form)
}
