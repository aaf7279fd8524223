import { sqlTexts } from './generated/sql-texts.ts'

const cache = new Map<string, string>()

/** Text of `sql/<name>.sql`; a line `-- @include other` stands for the text of another. */
export function sql(name: string): string {
  const known = cache.get(name)
  if (known !== undefined) return known
  const written = sqlTexts[name]
  if (written === undefined) throw new RangeError(`There is no file sql/${name}.sql.`)
  const text = written.replace(/^-- @include (\S+)$/gm, (_line, other: string) => sql(other))
  cache.set(name, text)
  return text
}
