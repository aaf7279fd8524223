import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type BuildOptions, build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'

const entry = fileURLToPath(new URL('./collector/main.ts', import.meta.url))
const installed = fileURLToPath(new URL('../../node_modules', import.meta.url))
const native = ['lmdb', '@duckdb/node-bindings']

/** A folder away from this repository in which nothing but the native packages is installed. */
async function place(packages: readonly string[]): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'trace2-bundled-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const name of packages) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(installed, name), link)
  }
  return folder
}

async function bundled(folder: string, options: BuildOptions): Promise<string> {
  const outfile = join(folder, options.format === 'cjs' ? 'main.cjs' : 'main.mjs')
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    logLevel: 'error',
    external: native,
    ...options,
    outfile,
  })
  return outfile
}

// Packages of CommonJS in a bundle of ES modules ask for Node's modules.
const banner = {
  js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
}

test.each([
  ['ES modules', { format: 'esm', banner }],
  ['ES modules, minified', { format: 'esm', banner, minify: true }],
  ['CommonJS', { format: 'cjs' }],
  ['CommonJS, minified', { format: 'cjs', minify: true }],
] as [string, BuildOptions][])(
  'a collector that is bundled into one file stores spans: %s',
  async (_name, options) => {
    const folder = await place(native)
    const file = await bundled(folder, options)
    expect((await readdir(folder)).sort()).toEqual([file.slice(folder.length + 1), 'node_modules'])
    const data = join(folder, 'data')
    await mkdir(data)
    // From another folder: what is installed is found from the bundle.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, data], {
      cwd: tmpdir(),
    })
    expect(JSON.parse(stdout)).toEqual([
      { status: 200, names: ['first'] },
      { status: 200, names: ['first', 'second'] },
    ])
    expect(stderr).not.toMatch(/damaged/)
    // Nothing was found amiss with the journal.
    expect((await readdir(data)).filter((name) => name.includes('damaged'))).toEqual([])
  },
)
