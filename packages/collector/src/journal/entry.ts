import { crc32 } from 'node:zlib'

export type Signal = 'traces' | 'logs'

/** One acknowledged request, as it came. */
export interface JournalEntry {
  readonly signal: Signal
  readonly encoding: 'protobuf' | 'json'
  readonly receivedNs: bigint
  readonly body: Uint8Array
}

const VERSION = 1
/** version, signal, encoding, reserved (1 byte each), CRC-32 of all that follows (4), time (8). */
const HEADER = 16

/** Bytes of an entry. The checksum is ours because LMDB has none. */
export function encodeEntry({ signal, encoding, receivedNs, body }: JournalEntry): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + body.byteLength)
  bytes[0] = VERSION
  bytes[1] = signal === 'traces' ? 0 : 1
  bytes[2] = encoding === 'protobuf' ? 0 : 1
  bytes[3] = 0
  bytes.writeBigUInt64LE(receivedNs, 8)
  bytes.set(body, HEADER)
  bytes.writeUInt32LE(crc32(bytes.subarray(8), crc32(bytes.subarray(0, 4))), 4)
  return bytes
}

/** The entry, or `undefined` where the bytes are damaged. */
export function decodeEntry(bytes: Buffer): JournalEntry | undefined {
  if (bytes.byteLength < HEADER || bytes[0] !== VERSION) return undefined
  if (bytes.readUInt32LE(4) !== crc32(bytes.subarray(8), crc32(bytes.subarray(0, 4)))) {
    return undefined
  }
  return {
    signal: bytes[1] === 0 ? 'traces' : 'logs',
    encoding: bytes[2] === 0 ? 'protobuf' : 'json',
    receivedNs: bytes.readBigUInt64LE(8),
    body: bytes.subarray(HEADER),
  }
}
