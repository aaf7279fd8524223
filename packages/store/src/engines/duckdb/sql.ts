import { readFileSync } from 'node:fs'

const cache = new Map<string, string>()

/** Text of `sql/<name>.sql`; a line `-- @include other` stands for the text of another. */
export function sql(name: string): string {
  const known = cache.get(name)
  if (known !== undefined) return known
  const file = readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8')
  const text = file.replace(/^-- @include (\S+)$/gm, (_line, other: string) => sql(other))
  cache.set(name, text)
  return text
}
