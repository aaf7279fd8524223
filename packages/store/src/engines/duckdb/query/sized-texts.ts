import type { DuckDBConnection } from '@duckdb/node-api'

/** Most characters that one call of a function makes whose argument says how many. */
const MOST = 100_000

/** Functions that make a text as long as an argument says, which is made at once and not in steps that could be ended. */
const sized = [
  ['repeat(s, n)', 'n * length(s::VARCHAR)'],
  ['lpad(s, n, c)', 'n'],
  ['rpad(s, n, c)', 'n'],
] as const

/**
 * Lets a connection's own functions stand before those of DuckDB that make a text of any length, and refuse what is too long.
 */
export async function limitSizes(connection: DuckDBConnection): Promise<void> {
  for (const [call, size] of sized) {
    const tooLong = `error('${call} makes a text of more than ${MOST} characters.')`
    await connection.run(
      `CREATE TEMP MACRO ${call} AS CASE WHEN ${size} > ${MOST} THEN ${tooLong} ELSE system.main.${call} END`,
    )
  }
}

const names = new Set(sized.map(([call]) => call.slice(0, call.indexOf('('))))

/** Whether a function is one of these: with a schema before its name, it would be DuckDB's own. */
export function isSized(name: string): boolean {
  return names.has(name)
}
