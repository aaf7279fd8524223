import { type FileHandle, open } from 'node:fs/promises'
import { bodyLength, decodeEntry, HEADER, type JournalEntry, MAGIC } from './entry.ts'

const WINDOW = 8 * 1024 * 1024
/** No entry is larger: the receiver takes no larger body. */
const MAX_BODY = 256 * 1024 * 1024

/**
 * Entries in a damaged LMDB file, found by their first bytes and checked by their own sums, whatever has become of
 * the tree around them. Some may have been consumed long ago: their pages were free but not yet used again.
 */
export async function* salvageEntries(path: string): AsyncGenerator<JournalEntry> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const window = Buffer.alloc(WINDOW)
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(window, 0, WINDOW, at)
      const found = window.subarray(0, bytesRead).indexOf(MAGIC)
      if (found < 0) {
        // The first bytes may lie across the border of two windows.
        at += Math.max(bytesRead - MAGIC.byteLength + 1, 1)
        continue
      }
      const entry = await entryAt(file, at + found, size)
      if (entry) yield entry
      at += found + (entry ? HEADER + entry.body.byteLength : MAGIC.byteLength)
    }
  } finally {
    await file.close()
  }
}

async function entryAt(
  file: FileHandle,
  at: number,
  size: number,
): Promise<JournalEntry | undefined> {
  if (at + HEADER > size) return undefined
  const header = Buffer.alloc(HEADER)
  await file.read(header, 0, HEADER, at)
  const length = bodyLength(header)
  if (length > MAX_BODY || at + HEADER + length > size) return undefined
  const bytes = Buffer.alloc(HEADER + length)
  await file.read(bytes, 0, bytes.byteLength, at)
  return decodeEntry(bytes)
}
