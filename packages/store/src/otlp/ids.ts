const hexId = /^(?:[0-9a-f]{2})+$/i
const base64Id = /^[A-Za-z0-9+/_-]+={1,2}$/

/** Lower-case hex of an id of so many bytes; `undefined` where it has another length, is all zero or is not hex. */
export function validId(text: unknown, bytes: number): string | undefined {
  if (typeof text !== 'string') return undefined
  const hex = text.length === bytes * 2 ? text : hexOfBase64(text, bytes)
  if (hex === undefined || !hexId.test(hex)) return undefined
  return /^0+$/.test(hex) ? undefined : hex.toLowerCase()
}

/** Protobuf's own JSON has bytes in base64: of such a length, and with such an end, that it cannot be taken for hex. */
export function hexOfBase64(text: string, bytes: number): string | undefined {
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
