import { existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a directory, and those above it that are missing, for its owner alone: what is stored is nobody else's. Where none can be made, as in `/proc`, it fails: the recursive
 * `mkdir` of Node.js asks for ever there.
 *
 * @throws the error of `mkdir`.
 */
export async function makeDirectory(path: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(path, { mode })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    const parent = dirname(path)
    if (code !== 'ENOENT' || existsSync(parent)) throw error
    await makeDirectory(parent, mode)
    await mkdir(path, { mode })
  }
}
