import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { raise } from '../errors.ts'
import { STANDARD_INPUT } from './bytes.ts'
import { isExport } from './import-export.ts'

/** Endings of files in a directory that are imported. A file that is named itself may have any. */
export const importedEndings = [
  ...['.json', '.jsonl', '.ndjson', '.pb', '.binpb', '.bin', '.otlp'],
  '.gz',
] as const

/**
 * The files that an import of a path reads. Of a directory these are the files in it and in the directories below, sorted, with
 * an ending of files of spans (`.json`, `.jsonl`, `.pb` and others). What is hidden is left out, and so are links to directories.
 * A directory that an export wrote is one thing. Whatever else is named is left as it is.
 *
 * @throws {Trace2Error} `T2_IMPORT` where a directory has no such file, or cannot be read.
 * @example await filesOf('traces') // ['traces/a.jsonl', 'traces/b.jsonl.gz']
 */
export async function filesOf(path: string): Promise<readonly string[]> {
  if (path === STANDARD_INPUT || isExport(path) || !(await isDirectory(path))) return [path]
  const files = await filesBelow(path)
  if (files.length > 0) return files
  const endings = importedEndings.join(', ')
  throw raise('T2_IMPORT', `The directory ${path} holds no file that ends in ${endings}.`)
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await entriesOf(directory)
  const files: string[] = []
  for (const entry of entries) {
    const path = join(directory, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) {
      for (const file of isExport(path) ? [path] : await filesBelow(path)) files.push(file)
    } else if (isImported(entry.name) && (entry.isFile() || (await isLinkedFile(entry, path)))) {
      files.push(path)
    }
  }
  return files
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_IMPORT', `Cannot read ${directory}: ${reason}`, { cause: error })
  }
}

function isImported(name: string): boolean {
  const lower = name.toLowerCase()
  return importedEndings.some((ending) => lower.endsWith(ending))
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}

async function isLinkedFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ?? false
}
