import type { Database } from '../database.ts'
import { text } from '../row.ts'
import { hasWideField, isSized } from './sized-texts.ts'

/** Functions with effects or chance that harm nobody. */
const harmless: readonly string[] = [
  ...['random', 'uuid', 'uuidv4', 'uuidv7', 'gen_random_uuid', 'error', 'version', 'current_query'],
]

/** Macros over functions with effects, and what tells of the machine. */
const harmful: readonly string[] = ['pg_sleep', 'current_setting', 'getenv', 'getvariable']

/** Functions that give rows: those that make them of their arguments, and those that tell of tables and functions. */
const givingRows: readonly string[] = [
  ...['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'summary'],
  ...['json_each', 'json_tree', 'histogram', 'histogram_values'],
  ...['duckdb_columns', 'duckdb_constraints', 'duckdb_databases', 'duckdb_functions'],
  ...['duckdb_indexes', 'duckdb_keywords', 'duckdb_schemas', 'duckdb_tables', 'duckdb_types'],
  ...['duckdb_views', 'pragma_table_info', 'pragma_version', 'pg_timezone_names'],
]

/** What a query that a person wrote may call. */
export interface CallableFunctions {
  /** Whether DuckDB has a function of this name that such a query may not call. */
  isRefused(name: string): boolean
}

/**
 * Asks DuckDB which functions it has. A query may call all that compute a value of values; of those that have effects, and
 * of those that give rows (they read files, change settings or end the writing of logs), only the ones named here.
 */
export async function callableFunctions(database: Database): Promise<CallableFunctions> {
  const rows = await database.rows(
    `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
     WHERE function_type NOT IN ('scalar', 'aggregate', 'macro') OR has_side_effects`,
  )
  const allowed = new Set([...harmless, ...givingRows])
  // A name may be that of a function of values and of another one, which does something else.
  const others = rows.map((row) => text(row, 'name'))
  const refused = new Set([...harmful, ...others.filter((name) => !allowed.has(name))])
  return { isRefused: (name) => refused.has(name) || /[. ]/.test(name) }
}

/**
 * Names of the functions that a query calls, in lower case. `tree` is what DuckDB's parser made of it. Those that make a
 * text of any length have their schema before the name where the query says it.
 */
export function functionsIn(tree: unknown): Set<string> {
  const names = new Set<string>()
  const left: unknown[] = [tree]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const name: unknown = Reflect.get(next, 'function_name')
    if (typeof name === 'string') names.add(qualified(next, name.toLowerCase()))
    for (const member of Object.values(next)) {
      if (typeof member === 'object' && member !== null) left.push(member)
    }
  }
  return names
}

function qualified(call: object, name: string): string {
  if (hasWideField(name, call)) return `${name} with a wide field`
  if (!isSized(name)) return name
  const schema: unknown = Reflect.get(call, 'schema')
  return typeof schema === 'string' && schema !== '' ? `${schema}.${name}` : name
}
