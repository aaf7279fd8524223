import { createHash, timingSafeEqual } from 'node:crypto'
import { queryMethods } from '@trace2/store/engines'
import { isOtlpPath } from '../http/otlp-paths.ts'

/**
 * What the bearer of a token may do. `ingest`: send spans and logs, and ask for the parameters in force, as agents do.
 * `read`: read, but send and change nothing. `admin`: all of it.
 */
export type TokenScope = 'ingest' | 'read' | 'admin'

/** What a request does. Values in force are for those who send and those who read. */
export type Access = 'ingest' | 'read' | 'parameters' | 'admin'

const granted: Readonly<Record<TokenScope, ReadonlySet<Access>>> = {
  ingest: new Set<Access>(['ingest', 'parameters']),
  read: new Set<Access>(['read', 'parameters']),
  admin: new Set<Access>(['ingest', 'read', 'parameters', 'admin']),
}

/** A token as it is configured: `ingest:…`, `read:…`, `admin:…`, or without a scope for `admin`. */
export function parseToken(word: string): { readonly scope: TokenScope; readonly token: string } {
  const [, scope, token] = /^(ingest|read|admin):(.*)$/.exec(word) ?? []
  if (scope === 'ingest' || scope === 'read') return { scope, token: token ?? '' }
  return { scope: 'admin', token: token ?? word }
}

/** What a bearer of tokens may do: `none` where the header carries no valid one. */
export interface Bearer {
  readonly isKnown: boolean
  may(access: Access): boolean
}

/** Tells what an `Authorization` header lets its sender do; takes the same time whatever it carries. */
export function tokenCheck(words: readonly string[]): (authorization: string | null) => Bearer {
  const accepted = words.map((word) => {
    const { scope, token } = parseToken(word)
    return { scope, digest: digest(token) }
  })
  return (authorization) => {
    // Who sends it as it is configured means the same.
    const given = digest(parseToken(sentIn(authorization ?? '')).token)
    const scopes = accepted.filter((one) => timingSafeEqual(given, one.digest))
    return {
      isKnown: scopes.length > 0,
      may: (access) => scopes.some(({ scope }) => granted[scope].has(access)),
    }
  }
}

const reading: ReadonlySet<string> = new Set([...queryMethods, 'graph', 'graphs'])
const sending: ReadonlySet<string> = new Set(['writeSpans', 'writeLogs'])

/** A bearer's token, or the password of a user: Langfuse's SDKs send their two keys so. */
function sentIn(authorization: string): string {
  const [, scheme = '', word = ''] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() !== 'basic') return word
  const pair = Buffer.from(word, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** What a request to a path does. */
export function accessOf(method: string, path: string): Access {
  if (isOtlpPath(path)) return 'ingest'
  const [, name] = /^\/api\/v1\/(\w+)$/.exec(path) ?? []
  if (name === undefined) return 'read'
  if (name === 'parameters' && (method === 'GET' || method === 'HEAD')) return 'parameters'
  if (sending.has(name)) return 'ingest'
  return reading.has(name) ? 'read' : 'admin'
}

/** Texts of any length become equally long, as a comparison in constant time needs them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
