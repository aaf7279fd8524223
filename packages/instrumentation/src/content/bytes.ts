import { sha256OfBytes } from '@trace2/core'
import { types } from '../runtime/types.ts'
import type { Budget } from './budget.ts'

/** Bytes up to this many are hashed as a whole; of more, evenly spread pieces. */
const mostWhole = 256 * 1024
const pieces = 64
const pieceBytes = 1_024

type Getter = (this: unknown) => unknown

function getterOf(prototype: object, key: PropertyKey): Getter | undefined {
  return Object.getOwnPropertyDescriptor(prototype, key)?.get
}

// The platform's own getters, so that a member of the program with the same name is not asked.
const ofTypedArray = (key: string) => getterOf(Object.getPrototypeOf(Uint8Array.prototype), key)
const ofDataView = (key: string) => getterOf(DataView.prototype, key)
const typedArray = {
  buffer: ofTypedArray('buffer'),
  start: ofTypedArray('byteOffset'),
  length: ofTypedArray('byteLength'),
}
const dataView = {
  buffer: ofDataView('buffer'),
  start: ofDataView('byteOffset'),
  length: ofDataView('byteLength'),
}
const blobSize = getterOf(Blob.prototype, 'size')
const blobType = getterOf(Blob.prototype, 'type')

export function isBytes(value: object): boolean {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)
}

/**
 * Bytes as a trace has them: `[5 bytes] sha256:0a1b…`, of which the hash has 16 hex digits. More than 256 KiB are
 * `[n bytes] sampled:…`, a hash of 64 evenly spread pieces, so that equal bytes still look equal.
 */
export function bytesText(value: object, budget: Budget): string {
  const bytes = bytesOf(value)
  const count = `[${bytes.length} bytes]`
  if (bytes.length <= mostWhole) {
    return budget.hash(bytes.length) ? `${count} sha256:${shortHash(bytes)}` : count
  }
  return budget.hash(pieces * pieceBytes) ? `${count} sampled:${shortHash(sampleOf(bytes))}` : count
}

function shortHash(bytes: Uint8Array): string {
  return sha256OfBytes(bytes).slice(0, 16)
}

function sampleOf(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(pieces * pieceBytes)
  const distance = (bytes.length - pieceBytes) / (pieces - 1)
  for (let piece = 0; piece < pieces; piece++) {
    const from = Math.floor(piece * distance)
    sample.set(bytes.subarray(from, from + pieceBytes), piece * pieceBytes)
  }
  return sample
}

/** A blob's bytes cannot be read at once; its size and type are known. */
export function blobText(blob: object): string {
  const size = blobSize && Reflect.apply(blobSize, blob, [])
  const type = blobType && Reflect.apply(blobType, blob, [])
  return `[${String(size)} bytes]${typeof type === 'string' && type !== '' ? ` ${type}` : ''}`
}

export function byteLengthOf(value: object): number {
  return bytesOf(value).length
}

function bytesOf(value: object): Uint8Array {
  if (types.isAnyArrayBuffer(value)) return viewOf(value)
  const { buffer, start, length } = types.isDataView(value) ? dataView : typedArray
  const memory = buffer && Reflect.apply(buffer, value, [])
  if (!types.isAnyArrayBuffer(memory)) return new Uint8Array()
  try {
    return new Uint8Array(
      memory,
      Number(start && Reflect.apply(start, value, [])),
      Number(length && Reflect.apply(length, value, [])),
    )
  } catch {
    return new Uint8Array()
  }
}

/** The bytes of a buffer; none of one that was handed over to another thread. */
function viewOf(buffer: ArrayBufferLike): Uint8Array {
  try {
    return new Uint8Array(buffer)
  } catch {
    return new Uint8Array()
  }
}
