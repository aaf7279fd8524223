import { readFileSync } from 'node:fs'

const cache = new Map<string, string>()

/** Text of `sql/<name>.sql`. */
export function sql(name: string): string {
  const known = cache.get(name)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8')
  cache.set(name, text)
  return text
}
