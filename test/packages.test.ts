import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('the drawing of the packages has the arrows that their imports have', () => {
  const drawn = execFileSync(process.execPath, ['tools/imports.mjs', '--dot'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(readFileSync(`${root}docs/figures/packages.dot`, 'utf8')).toBe(drawn)
})

test.each([
  ['imports that go past an index.ts, or by a path into another package', '--doors'],
  ['circles of files, types included', '--circles'],
])('there are no %s', (_, flag) => {
  const found = execFileSync(process.execPath, ['tools/imports.mjs', flag], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(found).toBe('')
})

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Bundled into a text when the package is built: nobody who installs it needs them. */
const bundled: readonly string[] = [
  'quickjs-emscripten-core',
  '@jitl/quickjs-singlefile-mjs-release-sync',
]

/** Names of the packages that a source file imports when it runs, or for types. */
function importedBy(text: string): string[] {
  const statements =
    /^(?:import|export)\b[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
  return Array.from(text.matchAll(statements), (found) => found.slice(1).find(Boolean) ?? '')
    .filter((from) => !from.startsWith('.') && !isBuiltin(from))
    .map((from) => from.split('/', from.startsWith('@') ? 2 : 1).join('/'))
}

test.each(readdirSync(join(root, 'packages')))('%s declares what it imports', (name) => {
  const directory = join(root, 'packages', name)
  const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  const sources = readdirSync(join(directory, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !/\.test\.|(?:^|\/)testing\//.test(path),
  )
  const missing = sources.flatMap((path) =>
    importedBy(readFileSync(join(directory, 'src', path), 'utf8'))
      .filter((from) => from !== manifest.name && !Object.hasOwn(declared, from))
      .filter((from) => !bundled.includes(from))
      .map((from) => `${from} in ${path}`),
  )
  expect(missing).toEqual([])
})
