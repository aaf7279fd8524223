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
    const buffer = Buffer.alloc(WINDOW)
    let start = 0
    let window = buffer.subarray(0, 0)
    for (let at = 0; at < size; ) {
      // The first bytes may lie across the border of two windows.
      if (at + MAGIC.byteLength > start + window.byteLength) {
        start = at
        window = buffer.subarray(0, (await file.read(buffer, 0, WINDOW, at)).bytesRead)
        if (window.byteLength < MAGIC.byteLength) return
      }
      const found = window.indexOf(MAGIC, at - start)
      if (found < 0) {
        at = start + window.byteLength - MAGIC.byteLength + 1
        continue
      }
      const entry = await entryAt(file, start + found, size)
      if (entry) yield entry
      at = start + found + (entry ? HEADER + entry.body.byteLength : MAGIC.byteLength)
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
