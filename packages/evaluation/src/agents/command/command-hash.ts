import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { sha256 } from '@trace2/core'

/** A file of more bytes is no source. */
const longestFile = 16 * 1024 * 1024

/** Hash of a command's words, and of the files among them that are there. What those files load is not known. */
export async function commandHash(command: readonly string[], directory: string): Promise<string> {
  const words = await Promise.all(
    command.map(async (word) => [word, await fileHash(resolve(directory, word))]),
  )
  return sha256(JSON.stringify(words)).slice(0, 16)
}

async function fileHash(path: string): Promise<string | null> {
  try {
    const found = await stat(path)
    if (!found.isFile() || found.size > longestFile) return null
    return sha256(await readFile(path, 'latin1'))
  } catch {
    return null
  }
}
