import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { catalogues, errorsPage } from './errors-page.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

test('docs/errors.md lists every error as the packages have it', async () => {
  await expect(errorsPage()).toMatchFileSnapshot(join(root, 'docs/errors.md'))
})

const sources = ['packages', 'examples']
  .flatMap((parent) => globSources(join(root, parent)))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))

function globSources(parent: string): string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const directory = join(parent, name, 'src')
      const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      return files.map((path) => join(directory, path))
    })
}

const catalogued = new Set(Object.values(catalogues).flatMap((entries) => Object.keys(entries)))

test('the source code uses no error code that is in no catalogue', () => {
  const unknown = sources.flatMap((path) =>
    codesIn(path)
      .filter((code) => !catalogued.has(code))
      .map((code) => `${code} in ${path}`),
  )
  expect(unknown).toEqual([])
})

test('every code in a catalogue is raised somewhere', () => {
  const used = new Set(
    sources.filter((path) => !path.endsWith('/src/errors.ts')).flatMap((path) => codesIn(path)),
  )
  expect([...catalogued].filter((code) => !used.has(code))).toEqual([])
})

/** Codes as a string of their own: in a comment or a message, a code only refers to one. */
function codesIn(path: string): string[] {
  return readFileSync(path, 'utf8').match(/(?<=')T2_[A-Z0-9_]+(?=')/g) ?? []
}
