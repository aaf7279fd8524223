/**
 * How an edge is known. From the instrumentation: a handle (`exact`), object identity, a template, an equal
 * value. Derived by the store: an equal content hash across processes, text contained in another text (foreign
 * traces), containment of one operator in another, a plain span link of a foreign trace.
 */
export type EdgeKind = (typeof edgeKinds)[number]
/** The kinds of edges that the instrumentation records. See {@link EdgeKind}. */
export type RecordedEdgeKind = 'exact' | 'identity' | 'template' | 'value'

/** Every {@link EdgeKind}, the surest first. */
export const edgeKinds = [
  'exact',
  'identity',
  'template',
  'value',
  'hash',
  'text',
  'contains',
  'link',
] as const

/** Where an input came from. `pointer` is a JSON pointer (RFC 6901) into that value; `''` is all of it. */
export type Origin =
  | {
      readonly kind: 'span'
      readonly traceId: string
      readonly spanId: string
      readonly pointer: string
    }
  | {
      readonly kind: 'parameter'
      readonly name: string
      readonly version: string
      readonly pointer: string
    }
  | { readonly kind: 'value'; readonly hash: string; readonly pointer: string }

/** One entry of `trace2.inputs`: the consumer's role, the origin, and how the origin is known. */
export interface RecordedInput {
  /** Name of the consumer's input. */
  readonly role: string
  /** Where the input came from. */
  readonly origin: Origin
  /** How the origin is known. */
  readonly how: RecordedEdgeKind
}

const inexact: ReadonlySet<string> = new Set(['identity', 'template', 'value'])

/**
 * Writes an input as `role=ref`, for example `ticket=span:<traceId>:<spanId>#/items/0!identity`.
 * An exact match carries no suffix. `%`, `!` and what a URI fragment cannot hold are percent-encoded in the
 * pointer (RFC 6901 §6); `%` and `=` in the role.
 */
export function formatInput({ role, origin, how }: RecordedInput): string {
  const suffix = how === 'exact' ? '' : `!${how}`
  const name = /[%=]/.test(role) ? role.replace(/[%=]/g, percentEncode) : role
  return `${name}=${formatOrigin(origin)}${suffix}`
}

function formatOrigin(origin: Origin): string {
  const fragment = origin.pointer === '' ? '' : `#${encodePointer(origin.pointer)}`
  switch (origin.kind) {
    case 'span':
      return `span:${origin.traceId}:${origin.spanId}${fragment}`
    case 'parameter':
      return `param:${origin.name}@${origin.version}${fragment}`
    case 'value':
      return `value:${origin.hash}${fragment}`
  }
}

/** Reads one entry of `trace2.inputs`; `undefined` where it is not well formed. */
export function parseInput(text: string): RecordedInput | undefined {
  const equals = text.indexOf('=')
  if (equals < 0) return undefined
  const role = decode(text.slice(0, equals))
  let ref = text.slice(equals + 1)
  let how: RecordedEdgeKind = 'exact'
  const bang = ref.lastIndexOf('!')
  if (bang >= 0) {
    const suffix = ref.slice(bang + 1)
    if (!inexact.has(suffix)) return undefined
    how = suffix as RecordedEdgeKind
    ref = ref.slice(0, bang)
  }
  const hash = ref.indexOf('#')
  const pointer = hash < 0 ? '' : decode(ref.slice(hash + 1))
  const target = hash < 0 ? ref : ref.slice(0, hash)
  if (role === undefined || pointer === undefined) return undefined
  if (pointer !== '' && !pointer.startsWith('/')) return undefined
  const origin = parseTarget(target, pointer)
  return origin && { role, origin, how }
}

function parseTarget(target: string, pointer: string): Origin | undefined {
  const span = /^span:([0-9a-f]{32}):([0-9a-f]{16})$/i.exec(target)
  if (span?.[1] && span[2]) {
    return { kind: 'span', traceId: span[1].toLowerCase(), spanId: span[2].toLowerCase(), pointer }
  }
  const parameter = /^param:([^@]+)@([^@]+)$/.exec(target)
  if (parameter?.[1] && parameter[2]) {
    return { kind: 'parameter', name: parameter[1], version: parameter[2], pointer }
  }
  const value = /^value:([0-9a-f]{64})$/i.exec(target)
  if (value?.[1]) return { kind: 'value', hash: value[1].toLowerCase(), pointer }
  return undefined
}

/** One step of a JSON pointer: `~` and `/` escaped (RFC 6901 §3). */
export function pointerToken(key: string | number): string {
  const text = String(key)
  return /[~/]/.test(text) ? `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}` : `/${text}`
}

/** Follows a JSON pointer into a value; `undefined` where there is nothing. */
export function resolvePointer(value: unknown, pointer: string): unknown {
  if (pointer === '') return value
  let current = value
  for (const token of pointer.slice(1).split('/')) {
    if (typeof current !== 'object' || current === null) return undefined
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!Object.hasOwn(current, key)) return undefined
    current = Reflect.get(current, key)
  }
  return current
}

/** Names that a parameter may have: letters, digits and `. _ - /`, so that a reference is never ambiguous. */
export function isParameterName(name: string): boolean {
  return /^[A-Za-z0-9_.\-/]+$/.test(name)
}

/**
 * Reads what follows the prefix of a parameter's attribute: its name, and the version of which a span says it beside
 * the first; `undefined` where it is neither.
 */
export function parseParameterKey(
  key: string,
): { readonly name: string; readonly version: string | undefined } | undefined {
  const at = key.indexOf('@')
  const name = at < 0 ? key : key.slice(0, at)
  const version = at < 0 ? undefined : key.slice(at + 1)
  return isParameterName(name) && version !== '' ? { name, version } : undefined
}

function encodePointer(pointer: string): string {
  return encodeURI(pointer.toWellFormed()).replace(/[!#?&=@]/g, percentEncode)
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
