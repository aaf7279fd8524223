import type { SourceMap } from 'node:module'
import { builtinModule } from '../runtime/builtin.ts'

const longestFile = 32 * 1024 * 1024

/** What Node offers for reading sources; `undefined` in another runtime. */
function nodeModules() {
  if (!builtinModule) return undefined
  return {
    fs: builtinModule('node:fs'),
    module: builtinModule('node:module'),
    path: builtinModule('node:path'),
    url: builtinModule('node:url'),
  }
}

/** A file's path on this machine, from how a stack names it. */
export function localPath(place: string): string | undefined {
  const node = nodeModules()
  if (!node) return undefined
  const name = place.replace(/[?#].*$/, '')
  try {
    if (name.startsWith('file:')) return node.url.fileURLToPath(name)
  } catch {
    return undefined
  }
  return node.path.isAbsolute(name) ? name : undefined
}

/**
 * The author's file where webpack evaluates modules from memory, as it does in development. `webpack://agent/./src/main.ts`,
 * or `webpack-internal:///(rsc)/./src/main.ts`, is below the working directory.
 */
export function evaluatedPath(place: string): string | undefined {
  const inside = /^webpack(?:-internal)?:\/\/[^/]*\/(?:\([\w-]+\)\/)?(\.{1,2}\/[^?#]+)/.exec(
    place,
  )?.[1]
  return inside === undefined ? undefined : nodeModules()?.path.resolve(inside)
}

/** The text of a file; `undefined` where it is not there, too long or no file. */
export function readText(path: string): string | undefined {
  const node = nodeModules()
  try {
    const about = node?.fs.statSync(path, { throwIfNoEntry: false })
    if (!about?.isFile() || about.size > longestFile) return undefined
    return node?.fs.readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** The file that a module imports by a path, as compilers and bundlers find it; `undefined` where there is none. */
export function relativeFile(importer: string, specifier: string): string | undefined {
  const path = nodeModules()?.path
  if (!path) return undefined
  const plain = path.resolve(path.dirname(importer), specifier.replace(/[?#].*$/, ''))
  const candidates = [
    plain.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'),
    plain,
    ...['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs'].map((ending) => plain + ending),
    path.join(plain, 'index.ts'),
    path.join(plain, 'index.js'),
  ]
  return candidates.find(isFile)
}

function isFile(path: string): boolean {
  try {
    return nodeModules()?.fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}

/** A source map with the place that its names of files are relative to. */
export interface LocatedMap {
  readonly map: SourceMap
  readonly directory: string
}

/** The source map of a file as Node knows it, or as the file's last line names it. */
export function sourceMapOf(path: string, text: string): LocatedMap | undefined {
  const node = nodeModules()
  if (!node) return undefined
  const directory = node.path.dirname(path)
  try {
    const known =
      node.module.findSourceMap(path) ??
      node.module.findSourceMap(node.url.pathToFileURL(path).href)
    if (known) return { map: known, directory }
    const named = [...text.matchAll(/^\s*\/[/*]# sourceMappingURL=([^\s*]+)/gm)].at(-1)?.[1]
    const beside = node.path.resolve(
      directory,
      named === undefined ? `${path}.map` : decodeURI(named),
    )
    const json = named?.startsWith('data:') ? dataText(named) : readText(beside)
    if (json === undefined) return undefined
    return {
      map: new node.module.SourceMap(JSON.parse(json)),
      directory: node.path.dirname(beside),
    }
  } catch {
    return undefined
  }
}

function dataText(url: string): string | undefined {
  const comma = url.indexOf(',')
  if (comma < 0 || url.length > longestFile) return undefined
  const data = url.slice(comma + 1)
  return url.slice(0, comma).endsWith(';base64')
    ? Buffer.from(data, 'base64').toString('utf8')
    : decodeURIComponent(data)
}

/** The text of a source that a map names: out of the map, or from its file. */
export function originalText({ map, directory }: LocatedMap, source: string): string | undefined {
  const { sources, sourcesContent, sourceRoot = '' } = map.payload
  const index = sources.findIndex((each) => source === each || source === sourceRoot + each)
  const content: unknown = index < 0 ? undefined : sourcesContent?.[index]
  if (typeof content === 'string') return content.length <= longestFile ? content : undefined
  const path = source.startsWith('file:')
    ? localPath(source)
    : nodeModules()?.path.resolve(directory, source)
  return path === undefined ? undefined : readText(path)
}
