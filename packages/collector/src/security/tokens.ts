import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether an `Authorization` header carries one of the tokens; takes the same time whatever it carries. */
export function tokenCheck(tokens: readonly string[]): (authorization: string | null) => boolean {
  const accepted = tokens.map(digest)
  return (authorization) => {
    const given = digest(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '')
    let found = false
    for (const token of accepted) found = timingSafeEqual(given, token) || found
    return found
  }
}

/** Texts of any length become equally long, as a comparison in constant time needs them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
