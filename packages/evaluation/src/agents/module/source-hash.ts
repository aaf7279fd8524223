import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { sha256 } from '@trace2/core'
import { build } from 'esbuild'

/**
 * Hash of a module and of all files of the project that it imports, at whatever depth, packages left out. esbuild
 * resolves what the module imports as a bundler does: `require`, `import()` of a text, paths of a tsconfig, `./x.js` that
 * is written in `x.ts`. Files that the program reads by itself are not known.
 */
export async function moduleHash(file: string): Promise<string> {
  const files = await importedFiles(file)
  const sources = await Promise.all(
    files.map(async (each) => [
      relative(dirname(file), each).replaceAll('\\', '/'),
      sha256(await readFile(each, 'utf8')),
    ]),
  )
  return sha256(JSON.stringify(sources.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)))).slice(
    0,
    16,
  )
}

async function importedFiles(file: string): Promise<readonly string[]> {
  const directory = dirname(file)
  try {
    const { metafile } = await build({
      entryPoints: [file],
      absWorkingDir: directory,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [
        {
          name: 'tolerant',
          setup(plugin) {
            // What is not there, or is no module, must not hide the rest.
            plugin.onResolve({ filter: /^[./]/ }, async ({ path, pluginData, ...at }) => {
              if (pluginData === asked || at.kind === 'entry-point') return undefined
              const { kind, importer, namespace, resolveDir } = at
              const found = await plugin.resolve(path, {
                kind,
                importer,
                namespace,
                resolveDir,
                pluginData: asked,
              })
              return found.errors.length > 0 ? { path, external: true } : found
            })
            plugin.onLoad({ filter: /./ }, ({ path }) =>
              isModule.test(path) ? undefined : { contents: '' },
            )
          },
        },
      ],
    })
    return Object.keys(metafile.inputs).map((path) => resolve(directory, path))
  } catch {
    // A module that does not parse cannot be run either, which whoever runs it says better.
    return [file]
  }
}

const asked = Symbol('asked')
const isModule = /\.(?:[cm]?[jt]sx?|json)$/
