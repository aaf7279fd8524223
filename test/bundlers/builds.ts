import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import trace2 from '@trace2/instrumentation/build'
import { type BuildOptions, build, transform } from 'esbuild'
import { rolldown } from 'rolldown'
import { type Plugin, rollup } from 'rollup'
import webpack from 'webpack'

const execute = promisify(execFile)
const program = fileURLToPath(new URL('./program', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** How the author's text can be known in a build. */
export type Help = 'plugin' | 'map' | 'nothing'

/** Builds the program into a folder, and returns the arguments with which Node runs it. */
export type Build = (folder: string, help: Help) => Promise<readonly string[]>

/** The program bundled by esbuild with everything that it imports. */
export function esbuildWith(options: BuildOptions, entry = 'main.ts'): Build {
  return async (folder, help) => {
    const outfile = join(folder, options.format === 'cjs' ? 'main.cjs' : 'main.mjs')
    await build({
      entryPoints: [resolve(program, entry)],
      bundle: true,
      platform: 'node',
      format: 'esm',
      // What is CommonJS asks for Node's modules, and the engine for its own place, as a bundle cannot.
      external: ['@opentelemetry/*', '@jitl/*', 'quickjs-emscripten-core'],
      logLevel: 'error',
      ...options,
      outfile,
      sourcemap: help === 'map',
      plugins: help === 'plugin' ? [trace2.esbuild({ root: program })] : [],
    })
    return [outfile]
  }
}

/** The program bundled by rolldown, which Vite uses too. */
export function rolldownWith(minify: boolean, entry = 'main.ts'): Build {
  return async (folder, help) => {
    const file = join(folder, 'main.mjs')
    const bundle = await rolldown({
      input: resolve(program, entry),
      platform: 'node',
      external: [/^@opentelemetry/],
      plugins: help === 'plugin' ? [trace2.rolldown({ root: program })] : [],
    })
    await bundle.write({
      file,
      format: 'esm',
      minify,
      sourcemap: help === 'map',
      codeSplitting: false,
    })
    await bundle.close()
    return [file]
  }
}

/** What a program's own plugins do for rollup: types go, and minified code comes out. */
function typesAndSize(minify: boolean): Plugin {
  return {
    name: 'types-and-size',
    transform: (code) => transform(code, { loader: 'ts', sourcemap: true }),
    renderChunk: (code) => (minify ? transform(code, { minify, sourcemap: true }) : null),
  }
}

/** The program bundled by rollup. */
export function rollupWith(minify: boolean, entry = 'main.ts'): Build {
  return async (folder, help) => {
    const file = join(folder, 'main.mjs')
    const bundle = await rollup({
      input: resolve(program, entry),
      external: [/^node:/, /^@/],
      plugins: [
        ...(help === 'plugin' ? [trace2.rollup({ root: program })] : []),
        typesAndSize(minify),
      ],
    })
    await bundle.write({ file, format: 'esm', sourcemap: help === 'map' })
    await bundle.close()
    return [file]
  }
}

/** The program bundled by webpack. In development it has modules as texts, and evaluates them. */
export function webpackWith(
  minimize: boolean,
  entry = 'main.ts',
  mode: 'production' | 'development' | 'none' = minimize ? 'production' : 'none',
): Build {
  return async (folder, help) => {
    const compiler = webpack({
      mode,
      target: 'node20',
      entry: resolve(program, entry),
      output: { path: folder, filename: 'main.cjs' },
      externals: [/^@/],
      externalsType: 'commonjs',
      devtool: help === 'map' ? 'source-map' : mode === 'development' ? 'eval' : false,
      optimization: { minimize },
      module: {
        rules: [
          { test: /\.ts$/, loader: fileURLToPath(new URL('./strip-types.cjs', import.meta.url)) },
        ],
      },
      plugins: help === 'plugin' ? [trace2.webpack({ root: program })] : [],
    })
    const run = promisify(compiler.run.bind(compiler))
    const stats = await run()
    await promisify(compiler.close.bind(compiler))()
    if (stats?.hasErrors()) throw new Error(stats.toString('errors-only'))
    return [join(folder, 'main.cjs')]
  }
}

/** The program compiled file by file by `tsc`, to the kind of modules that `type` says. */
export function tscWith(type: 'module' | 'commonjs', entry = 'main.ts'): Build {
  return async (folder, help) => {
    const main = resolve(program, entry)
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        rootDir: dirname(main),
        outDir: folder,
        declaration: false,
        declarationMap: false,
        verbatimModuleSyntax: type === 'module',
        erasableSyntaxOnly: false,
        sourceMap: help === 'map',
      },
      include: [join(dirname(main), '*.ts')],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    // What kind of modules is made goes by what is beside their source, and is run by what is beside the result.
    for (const place of new Set([folder, ...(entry === 'main.ts' ? [] : [dirname(main)])])) {
      await writeFile(join(place, 'package.json'), JSON.stringify({ type }))
    }
    await execute(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'tsconfig.json')])
    return [join(folder, 'main.js')]
  }
}

/** The program as it is written, run by tsx. */
export const tsx: Build = async (folder) => {
  await mkdir(folder, { recursive: true })
  await cp(program, folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  return ['--import', 'tsx', join(folder, 'main.ts')]
}

/** What the program prints of itself. */
export interface Recorded {
  readonly results: readonly string[]
  readonly operators: Readonly<Record<string, unknown>>
  readonly code: readonly {
    readonly name: string
    readonly source: string
    readonly description: string
  }[]
  readonly changed: readonly (readonly string[])[]
}

/** Runs a built program in a process of its own. */
export async function runBuilt<T = Recorded>(args: readonly string[]): Promise<T> {
  const { stdout } = await execute(process.execPath, [...args], { timeout: 60_000 })
  return JSON.parse(stdout)
}
