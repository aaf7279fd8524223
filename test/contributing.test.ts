import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const page = text('CONTRIBUTING.md')

/** What stands in a file, or is a folder, of each kind: as its list and as its page name it. */
interface Kind {
  readonly files: RegExp
  /** Its first group is the name in the list. */
  readonly inCode: RegExp
  /** Its first group is the name on the page; nothing where the page names none. */
  readonly onPage?: RegExp
  /** The list imports what is in a folder of this name; others have to be used by their own. */
  readonly isFolder?: true
}

const kinds: Readonly<Record<string, Kind>> = {
  dialect: {
    files: /\.ts$/,
    inCode: /export const (\w+)(?:: Dialect = |(?= = \{[\s\S]*\} satisfies Dialect))/g,
    onPage: /^ {2}name: ('\w+')/gm,
  },
  strategy: {
    files: /\.ts$/,
    inCode: /export (?:function|const) (?!strategyNamed)(\w+)[^\n]*?\([^)]*\): Strategy\b/g,
    onPage: /export (?:function|const) (?!strategyNamed)(\w+)[^\n]*?\([^)]*\): Strategy\b/g,
  },
  guide: {
    files: /\.ts$/,
    inCode: /export const (\w+) = definitionSchema\(/g,
    onPage: /definitionSchema\(\s*('\w+')/g,
  },
  command: {
    files: /\.ts$/,
    inCode: /export function (add[A-Z]\w+)\(program\b/g,
    onPage: /\n {4}\.command\('([\w-]+)/g,
  },
  engine: { files: /^[\w-]+$/, inCode: /^([\w-]+)$/g, onPage: /^([\w-]+)$/g, isFolder: true },
  // A table; its columns are in it. Where a transaction collects rows is none.
  column: {
    files: /\.ts$/,
    inCode: /export const (?!new[A-Z])(\w+Table) = /g,
    onPage: /^ {2}name: (?!'new_)('\w+')/gm,
  },
}

const rows = [...page.matchAll(/^\| (\w+) +\|(( `[^`]+` +\|){4})$/gm)].map(
  ([, kind = '', cells = '']) => {
    const [folder = '', list = '', description = '', proof = ''] = Array.from(
      cells.matchAll(/`([^`]+)`/g),
      ([, path = '']) => path,
    )
    return { kind, folder, list, description, proof }
  },
)

/** What the expression finds in the files of the folder, tests and the list itself left out; of folders, in their names. */
function found(folder: string, list: string, files: RegExp, expression: RegExp): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => files.test(name) && !name.endsWith('.test.ts') && join(folder, name) !== list)
    .map((name) => {
      const isRead = name.endsWith('.ts') && statSync(join(root, folder, name)).isFile()
      return isRead ? text(join(folder, name)) : name
    })
    .flatMap((read) => Array.from(read.matchAll(expression), ([, name = '']) => name))
}

const isNamed = (name: string, where: string) =>
  new RegExp(`(?<![\\w-])${name.replaceAll("'", "['`]")}(?![\\w-])`, 'i').test(where)

describe('how to add', () => {
  it('says so of every kind', () => {
    expect(rows.map(({ kind }) => kind)).toEqual(Object.keys(kinds))
  })

  it.each(rows)('a $kind: what is in its place is in its list and on its page', (row) => {
    const { kind, folder, list, description } = row
    const { files, inCode, onPage, isFolder }: Kind = kinds[kind] ?? { files: /$^/, inCode: /$^/g }
    const names = found(folder, list, files, inCode)
    expect(names).not.toEqual([])
    const used = isFolder ? text(list) : text(list).replace(/^import [^']+'[^']+'$/gm, '')
    expect(names.filter((name) => !isNamed(name, used))).toEqual([])
    const described = onPage ? found(folder, list, files, onPage) : []
    expect(described.filter((name) => !isNamed(name, text(description)))).toEqual([])
  })
})

it('every path that is named is there', () => {
  const named = Array.from(page.matchAll(/`([\w.@-]+\/[^`\s*]+)`/g), ([, path = '']) => path)
  const places = named.filter((path) => !path.startsWith('@'))
  expect(places.length).toBeGreaterThan(20)
  expect(places.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

it('every command that a page or a workflow names is one', () => {
  const manifest: { scripts: Readonly<Record<string, string>> } = JSON.parse(text('package.json'))
  const workflows = readdirSync(join(root, '.github/workflows')).map((name) =>
    join('.github/workflows', name),
  )
  for (const where of ['CONTRIBUTING.md', 'README.md', '.ci/run', ...workflows]) {
    const run = text(where).matchAll(/npm run (?:--silent )?([\w:-]+)(?! -w)(?!.*-w @trace2)/g)
    const missing = Array.from(run, ([, name = '']) => name).filter(
      (name) => !Object.hasOwn(manifest.scripts, name),
    )
    expect(missing, basename(where)).toEqual([])
  }
})
