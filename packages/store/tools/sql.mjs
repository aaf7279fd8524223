// Makes one module of the SQL files, so that they need no place of their own on disk: a program that is bundled into
// one file has them too.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const store = new URL('../src/engines/duckdb/', import.meta.url)
const folder = new URL('sql/', store)
const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
const texts = names.map((name) => [
  name.slice(0, -'.sql'.length),
  readFileSync(new URL(name, folder), 'utf8'),
])
const object = JSON.stringify(Object.fromEntries(texts), undefined, 2)
mkdirSync(new URL('generated/', store), { recursive: true })
writeFileSync(
  new URL('generated/sql-texts.ts', store),
  `// Made by tools/sql.mjs of the files in sql/.\nexport const sqlTexts: Readonly<Record<string, string>> = ${object}\n`,
)
