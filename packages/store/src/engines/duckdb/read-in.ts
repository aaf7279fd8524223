import type { Row } from './database.ts'

/** DuckDB looks up to 2,048 values in an index where they are written out, and joins all of a table with a list. */
const VALUES_AT_ONCE = 1_000

/** What both a connection and a database can be asked. */
interface Rows<Of> {
  rows(query: string, values: readonly string[]): Promise<Of[]>
}

/** Rows of a query that ends with a column, for those where it has one of some values. */
export async function readIn<Of = Row>(
  of: Rows<Of>,
  query: string,
  values: readonly string[],
): Promise<Of[]> {
  const parts: Promise<Of[]>[] = []
  for (let from = 0; from < values.length; from += VALUES_AT_ONCE) {
    const some = values.slice(from, from + VALUES_AT_ONCE)
    parts.push(of.rows(`${query} IN (${some.map((_, index) => `$${index + 1}`)})`, some))
  }
  return (await Promise.all(parts)).flat()
}
