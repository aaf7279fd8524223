import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

interface Manifest {
  readonly name: string
  readonly sideEffects: false | readonly string[]
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
  readonly bin?: Readonly<Record<string, string>>
}

const folder = fileURLToPath(new URL('../packages', import.meta.url))
const packages = readdirSync(folder)
  .map((name) => join(folder, name))
  .filter((directory) => existsSync(join(directory, 'package.json')))
  .map((directory) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    return { directory, manifest, name: manifest.name }
  })

describe.each(packages)('$name', ({ directory, manifest }) => {
  const listed = manifest.sideEffects || []
  const own = (file: string) => `./${relative(directory, file)}`

  it('lists in `sideEffects` each module that may be imported for what it does', () => {
    const exported = Object.values(manifest.exports)
      .map((target) => join(directory, typeof target === 'string' ? target : target.default))
      .filter(doesSomething)
    expect([...new Set([...exported, ...importedForEffect(directory)])].map(own).sort()).toEqual(
      [...listed].sort(),
    )
  })

  it.each(listed)('keeps %s where nothing of it is used, without a warning', async (module) => {
    const { outputFiles, warnings } = await build({
      stdin: { contents: `import ${JSON.stringify(module)}`, resolveDir: directory },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'silent',
    })
    expect(warnings).toEqual([])
    expect(outputFiles[0]?.text).toContain(`// ${relative(process.cwd(), join(directory, module))}`)
  })
})

/** Whether a module as `tsc` writes it calls, awaits or decides something when it is imported. */
function doesSomething(file: string): boolean {
  if (!/\.m?js$/.test(file)) return false
  return /^(?:await |[\w$][\w$.?]*\(|(?:export )?(?:const|let) [^=;]+ = await |if \(|try \{)/m.test(
    readFileSync(file, 'utf8'),
  )
}

/** Modules of a package that do something, and that a module or the command of it imports for nothing else. */
function importedForEffect(directory: string): string[] {
  const files = ['dist', 'bin']
    .map((name) => join(directory, name))
    .filter((place) => existsSync(place))
    .flatMap((place) =>
      readdirSync(place, { recursive: true, encoding: 'utf8' }).map((name) => join(place, name)),
    )
  return files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^import ['"](\.[^'"]+)['"]/gm)].map(
        ([, target = '']) => resolve(dirname(file), target),
      ),
    )
    .filter(doesSomething)
}
