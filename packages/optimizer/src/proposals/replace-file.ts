import { randomBytes } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import type { DocumentText } from '@trace2/core'
import { raise } from '../errors.ts'

/**
 * Replaces a text file so that a reader sees the old one or the new one, never a part. Encoding, byte order mark, mode
 * and, where this process may set it, owner are those of the file before.
 *
 * @param path the file itself: a symbolic link would be replaced by a file.
 * @throws `T2_PARAMETERS_UNWRITABLE`
 */
export async function replaceFile(
  path: string,
  text: string,
  { encoding, mark }: Pick<DocumentText, 'encoding' | 'mark'> = { encoding: 'utf-8', mark: false },
): Promise<void> {
  const bytes = Buffer.from(
    `${mark ? '\uFEFF' : ''}${text}`,
    encoding === 'utf-8' ? 'utf8' : 'utf16le',
  )
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const before = await stat(path).catch(() => undefined)
    const file = await open(temporary, 'wx', before ? ownerOnly : newFile)
    try {
      await file.writeFile(bytes)
      if (before) {
        // Only a privileged process may give a file away; who may not leaves it its own.
        await file.chown(before.uid, before.gid).catch(() => {})
        await file.chmod(before.mode & permissions)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    const why = error instanceof Error ? error.message : String(error)
    throw raise('T2_PARAMETERS_UNWRITABLE', `${path} cannot be written: ${why}.`, { cause: error })
  }
}

/** Until it has the mode of the file before. */
const ownerOnly = 0o600
const newFile = 0o666
const permissions = 0o7777
