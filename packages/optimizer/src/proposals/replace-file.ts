import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DocumentText } from '@trace2/core'
import { raise } from '../errors.ts'
import { temporaryBeside } from './file-lock.ts'

/** What stands in a file that is to be replaced. */
export interface Replaced extends Pick<DocumentText, 'encoding' | 'mark'> {
  readonly bytes: Uint8Array
}

/**
 * Replaces a text file so that a reader sees the old one or the new one, never a part, and so that the new one is on the
 * disk. Encoding, byte order mark, mode and, where this process may set it, owner are those of the file before.
 *
 * @param path the file itself: a symbolic link would be replaced by a file.
 * @param before what the text was made of; `undefined` where there was no file.
 * @throws `T2_PARAMETERS_UNWRITABLE`
 */
export async function replaceFile(
  path: string,
  text: string,
  before: Replaced | undefined,
): Promise<void> {
  const { encoding, mark } = before ?? { encoding: 'utf-8', mark: false }
  const bytes = Buffer.from(
    `${mark ? '\uFEFF' : ''}${text}`,
    encoding === 'utf-8' ? 'utf8' : 'utf16le',
  )
  const temporary = temporaryBeside(path)
  try {
    const found = await stat(path).catch(() => undefined)
    if (found && found.nlink > 1) {
      throw new Error(
        `it has ${found.nlink} names (hard links), which a change would part; make the others symbolic links`,
      )
    }
    // Who may not write to the file may not replace it either.
    if (found) await (await open(path, 'r+')).close()
    const file = await open(temporary, 'wx', found ? ownerOnly : newFile)
    try {
      await file.writeFile(bytes)
      if (found) {
        // Only a privileged process may give a file away; who may not leaves it its own.
        await file.chown(found.uid, found.gid).catch(() => {})
        await file.chmod(found.mode & permissions)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await requireUnchanged(path, before)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    const why = error instanceof Error ? error.message : String(error)
    throw raise('T2_PARAMETERS_UNWRITABLE', `${path} cannot be written: ${why}.`, { cause: error })
  }
  await syncFolder(dirname(path))
}

/** Editors take no lock. */
async function requireUnchanged(path: string, before: Replaced | undefined): Promise<void> {
  const now = await readFile(path).catch(() => undefined)
  const isSame = now && before ? Buffer.compare(now, before.bytes) === 0 : !now && !before
  if (!isSame) throw new Error('another program has changed it meanwhile; try again')
}

/** The name of the new file is on the disk with it. Some systems have no such thing. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Until it has the mode of the file before. */
const ownerOnly = 0o600
const newFile = 0o666
const permissions = 0o7777
