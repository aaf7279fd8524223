import { type LocatedMap, localPath, readText, sourceMapOf } from './node-files.ts'

/** A file of the running program. */
export interface BuiltFile {
  readonly path: string
  readonly text: string
  readonly map: LocatedMap | undefined
}

// A module records several functions one after the other; its files are read once for them, and not kept.
let lastFile: { readonly path: string; readonly held: WeakRef<BuiltFile> } | undefined

/** Reads a file of the running program by the name that a stack has for it, with its source map. */
export function builtFile(name: string): BuiltFile | undefined {
  const path = localPath(name)
  if (path === undefined) return undefined
  const known = lastFile?.path === path ? lastFile.held.deref() : undefined
  if (known) return known
  const text = readText(path)
  if (text === undefined) return undefined
  const file = { path, text, map: sourceMapOf(path, text) }
  lastFile = { path, held: new WeakRef(file) }
  return file
}
