import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Arguments of Node under which a file may be loaded. */
export type Loader = readonly string[]

const plain: Loader = []

/**
 * The ways to load a file, to be tried in order. TypeScript is loaded as the project does it, because the text that a
 * function has once it is loaded decides its source hash: by the project's own tsx where there is one, else by Node
 * where it strips types, else by our tsx. Any other loader that leaves ES modules as they are would do; one that makes
 * CommonJS of them (jiti) changes every imported name in the text of functions.
 */
export function loadersFor(file: string): readonly Loader[] {
  if (!/\.[cm]?tsx?$/.test(file)) return [plain]
  const own = tsxOf(file)
  if (own) return [own]
  const ours = tsxOf(import.meta.filename)
  const node = stripsTypes() ? [plain] : []
  return ours ? [...node, ours] : node
}

function tsxOf(file: string): Loader | undefined {
  try {
    return ['--import', pathToFileURL(createRequire(file).resolve('tsx')).href]
  } catch {
    return undefined
  }
}

/** Whether this Node runs TypeScript without being asked to. */
function stripsTypes(): boolean {
  return 'typescript' in process.features && Boolean(process.features.typescript)
}

const unsupported: ReadonlySet<string | undefined> = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  // Imports without an extension, and by the paths of a tsconfig.
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
])

/** Whether a file that could not be loaded may be by the next loader. */
export function isLoadersFault(code: string | undefined): boolean {
  return unsupported.has(code)
}
