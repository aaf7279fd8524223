import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly link?: true
  readonly hasInstallScript?: true
}

const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
)
/** What is installed from a registry: ours are links, and their folders. */
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => !link && path.includes('node_modules/'),
)

test('the lock file says of each package what its bytes are, and of no registry', () => {
  expect(installed.length).toBeGreaterThan(500)
  const without = installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''))
  expect(without.map(([path]) => path)).toEqual([])
  expect(installed.filter(([, entry]) => 'resolved' in entry)).toEqual([])
})

test('SECURITY.md names each package that would run something on installation, and says why nothing has to', () => {
  const named = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
  const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name)
  expect(rows.sort()).toEqual([...new Set(named)].sort())
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
})

test('workflows name each action by its commit, and the version beside it', () => {
  const directory = join(root, '.github/workflows')
  const uses = readdirSync(directory).flatMap((file) => [
    ...readFileSync(join(directory, file), 'utf8').matchAll(/uses: (.*)$/gm),
  ])
  const actions = uses.map(([, action = '']) => action).filter((action) => !/^\.\//.test(action))
  expect(actions.length).toBeGreaterThan(5)
  for (const action of actions) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})

test('the bill of materials of a package has what its manifest asks for, with the hashes of the lock file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-sbom-'))
  try {
    execFileSync(process.execPath, ['tools/sbom.mjs', directory], { cwd: root, stdio: 'pipe' })
    const files = readdirSync(directory)
    const packages = readdirSync(join(root, 'packages')).map((folder) =>
      JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')),
    )
    expect(files).toHaveLength(packages.length)
    for (const { name, version, dependencies = {} } of packages) {
      const file = `${name.replace('@', '').replace('/', '-')}-${version}.cdx.json`
      const bill = JSON.parse(readFileSync(join(directory, file), 'utf8'))
      expect(bill.metadata.component).toMatchObject({ name, version })
      const found = new Map<string, { hashes?: readonly unknown[] }>(
        bill.components.map((component: { name: string }) => [component.name, component]),
      )
      for (const dependency of Object.keys(dependencies)) {
        expect([name, dependency, found.has(dependency)]).toEqual([name, dependency, true])
        const isOurs = packages.some((one) => one.name === dependency)
        if (!isOurs) expect(found.get(dependency)?.hashes).toHaveLength(1)
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}, 120_000)
