import { dataMember, inheritedMember } from '../inspection/members.ts'

/** Header fields that let whoever reads them act as somebody else. */
const credentials: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-api-key',
])

export const withheldText = '[withheld]'

/** A header field as it is recorded. */
export function headerEntry(name: string, value: string): readonly [string, string] {
  return [name, credentials.has(name.toLowerCase()) ? withheldText : value]
}

/** What is recorded of each header field of the platform's `Headers`. */
export function* headerEntries(entries: Iterable<unknown>): Iterable<readonly [string, string]> {
  for (const entry of entries) {
    if (Array.isArray(entry)) yield headerEntry(String(entry[0]), String(entry[1]))
  }
}

const mostHeaders = 100
const members = ['method', 'url', 'statusCode', 'params', 'query', 'body']

/**
 * What a request or response of Node's `http` says, and what frameworks such as Express put on it, without the sockets and
 * buffers that it hangs on to.
 */
export function* messageMembers(message: object): Iterable<readonly [string, unknown]> {
  for (const key of members) {
    const value = inheritedMember(message, key)
    if (value !== undefined && value !== null && value !== '') yield [key, value]
  }
  const raw = dataMember(message, 'rawHeaders')
  if (!Array.isArray(raw)) return
  const headers: Record<string, string> = {}
  for (let at = 0; at + 1 < raw.length && at < 2 * mostHeaders; at += 2) {
    const [name, value] = headerEntry(String(raw[at]), String(raw[at + 1]))
    Object.defineProperty(headers, name.toLowerCase(), {
      value,
      enumerable: true,
      configurable: true,
    })
  }
  yield ['headers', headers]
}
