const hexId = /^(?:[0-9a-f]{2})+$/i

/** Lower-case hex of an id of so many bytes; `undefined` where it has another length, is all zero or is not hex. */
export function validId(text: unknown, bytes: number): string | undefined {
  if (typeof text !== 'string' || text.length !== bytes * 2 || !hexId.test(text)) return undefined
  return /^0+$/.test(text) ? undefined : text.toLowerCase()
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
