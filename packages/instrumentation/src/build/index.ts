import { relative, sep } from 'node:path'
import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { transformModule } from './transform.ts'

/** Options of the build plugin {@link trace2}. */
export interface BuildOptions {
  /** Modules that export `bundle` and `run` beside `@trace2/instrumentation`, as they are imported. */
  readonly modules?: readonly string[]
  /**
   * Whether trainable functions are given what they use of their module: imports, constants, helpers. What `uses`
   * declares goes before; `uses: false` at a function leaves it out there. Default `true`.
   */
  readonly uses?: boolean
  /** Folder that the recorded paths of files are relative to. Default the working directory. */
  readonly root?: string
}

const scripts = /\.[cm]?[jt]sx?$/

/**
 * A plugin for bundlers and compilers. It gives `bundle` and `run` what a compiler removes: the name, the arguments,
 * the documentation and the source as the author wrote them. For trainable functions it also gives what they use of
 * their module.
 *
 * @example await esbuild.build({ plugins: [trace2.esbuild()], entryPoints: ['src/agent.ts'], bundle: true, minify: true })
 */
export const trace2: UnpluginInstance<BuildOptions | undefined> = createUnplugin<
  BuildOptions | undefined
>((options: BuildOptions = {}) => {
  const { modules = [], uses = true, root = process.cwd() } = options
  const transform = { modules: new Set(['@trace2/instrumentation', ...modules]), uses }
  return {
    name: 'trace2',
    // Before types and comments are gone.
    enforce: 'pre' as const,
    transformInclude: (id) => {
      const path = id.replace(/[?#].*$/, '')
      return scripts.test(path) && !path.includes(`${sep}node_modules${sep}`)
    },
    transform(code, id) {
      // Parsing is for the few modules that record.
      if (![...transform.modules].some((name) => code.includes(name))) return undefined
      const file = relative(root, id.replace(/[?#].*$/, '')).replaceAll(sep, '/')
      return transformModule(code, file, transform)
    },
  }
})

export default trace2
