import { crc32 } from 'node:zlib'
import type { OtlpEncoding, Signal } from '@trace2/store/otlp'

/** What an entry holds: an OTLP request as it came, or a piece of feedback that is in the store and is to be sent on. */
export type EntryKind = Signal | 'feedback'

/** One acknowledged request. */
export interface JournalEntry {
  readonly signal: EntryKind
  readonly encoding: OtlpEncoding
  readonly receivedNs: bigint
  readonly body: Uint8Array
}

/** As the bytes have them; a new kind goes to the end. */
const kinds: readonly EntryKind[] = ['traces', 'logs', 'feedback']

/** First bytes of every entry, by which entries are found in a file that is no journal any more. */
export const MAGIC: Buffer = Buffer.from('T2J\u0001')
/** magic (4), CRC-32 of all that follows (4), length of the body (4), signal, encoding, reserved (2), time (8). */
export const HEADER = 24

/** Bytes of an entry. The checksum is ours because LMDB has none. */
export function encodeEntry({ signal, encoding, receivedNs, body }: JournalEntry): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + body.byteLength)
  bytes.set(MAGIC)
  bytes.writeUInt32LE(body.byteLength, 8)
  bytes.writeUInt32LE(0, 12)
  bytes[12] = kinds.indexOf(signal)
  bytes[13] = encoding === 'protobuf' ? 0 : 1
  bytes.writeBigUInt64LE(receivedNs, 16)
  bytes.set(body, HEADER)
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4)
  return bytes
}

/** The entry, or `undefined` where the bytes are damaged. */
export function decodeEntry(bytes: Buffer): JournalEntry | undefined {
  if (bytes.byteLength < HEADER || bytes.compare(MAGIC, 0, 4, 0, 4) !== 0) return undefined
  if (bytes.byteLength !== HEADER + bodyLength(bytes)) return undefined
  if (bytes.readUInt32LE(4) !== crc32(bytes.subarray(8))) return undefined
  const signal = kinds[bytes[12] ?? 0]
  if (signal === undefined) return undefined
  return {
    signal,
    encoding: bytes[13] === 0 ? 'protobuf' : 'json',
    receivedNs: bytes.readBigUInt64LE(16),
    body: bytes.subarray(HEADER),
  }
}

/** Length of the body as a header of at least {@link HEADER} bytes has it. */
export function bodyLength(header: Buffer): number {
  return header.readUInt32LE(8)
}
