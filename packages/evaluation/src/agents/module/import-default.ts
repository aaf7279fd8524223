import { pathToFileURL } from 'node:url'

/**
 * Imports a module into this process and returns its default export. The module may be TypeScript. How this process
 * loads other modules does not change.
 *
 * @throws what the module throws.
 */
export async function importDefault(file: string): Promise<unknown> {
  const exported = defaultOf(await imported(file))
  // A package that says nothing of its kind is CommonJS to tsx: its exports are the default then.
  const isCompiled = typeof exported === 'object' && exported !== null && '__esModule' in exported
  return isCompiled ? defaultOf(exported) : exported
}

async function imported(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href
  if (!/\.[cm]?tsx?$/.test(file)) return import(url)
  const { tsImport } = await import('tsx/esm/api')
  return tsImport(url, import.meta.url)
}

function defaultOf(module: unknown): unknown {
  return Reflect.get(Object(module), 'default')
}
