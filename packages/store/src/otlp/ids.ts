const hexId = /^(?:[0-9a-f]{2})+$/i
const UUID_BYTES = 16
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const base64Id = /^[A-Za-z0-9+/_-]+={1,2}$/

/** Lower-case hex of an id of so many bytes; `undefined` where it has another length, is all zero or is not hex. */
export function validId(text: unknown, bytes: number): string | undefined {
  if (typeof text !== 'string') return undefined
  const hex = text.length === bytes * 2 ? text : hexOfUnusual(text, bytes)
  if (hex === undefined || !hexId.test(hex)) return undefined
  return /^0+$/.test(hex) ? undefined : hex.toLowerCase()
}

/**
 * Hex of an id that is written otherwise, and so has another length: after `0x`, as a UUID, or in base64 as protobuf's own JSON has
 * bytes, whose end cannot be taken for hex.
 */
export function hexOfUnusual(text: string, bytes: number): string | undefined {
  if (text.length === bytes * 2 + 2 && /^0x/i.test(text)) return text.slice(2)
  if (bytes === UUID_BYTES && uuid.test(text)) return text.replaceAll('-', '')
  if (text.length !== Math.ceil(bytes / 3) * 4 || !base64Id.test(text)) return undefined
  const read = Buffer.from(text, 'base64')
  return read.byteLength === bytes ? read.toString('hex') : undefined
}

/** What is wrong with an id, in words for the sender. */
export function idProblem(name: string, text: unknown, bytes: number): string {
  if (text === undefined || text === null || text === '') return `${name} is missing`
  if (typeof text !== 'string' || !hexId.test(text)) return `${name} is not hex`
  if (text.length !== bytes * 2) return `${name} has ${text.length / 2} bytes instead of ${bytes}`
  return `${name} is zero`
}

const zeros = '0'.repeat(32)

/** {@link validId} of a text that was made from bytes, and so is lower-case hex. */
export function validBytes(hex: string, bytes: 8 | 16): string | undefined {
  return hex.length === bytes * 2 && !zeros.startsWith(hex) ? hex : undefined
}
