import {
  classNameOf,
  dataMember,
  descriptorOf,
  inheritedMember,
  inherits,
  keysOf,
  methodOf,
} from '../inspection/members.ts'
import { unrecorded } from '../operator/unrecorded.ts'
import { types } from '../runtime/types.ts'
import { Budget } from './budget.ts'
import { blobText, byteLengthOf, bytesText, isBytes } from './bytes.ts'
import { cut, mostRead } from './cut.ts'
import { firstMembers, messageOf } from './error-message.ts'
import { headerEntries, messageMembers } from './http-messages.ts'

/** What stands for an object that JSON has no form for: a text, a list of members, or another value. */
export type Form =
  | { readonly text: string }
  | { readonly members: Iterable<readonly [string, unknown]> }
  /** Written as `{"[Map]":[…]}`: the kind, and its entries as a list. */
  | {
      readonly kind: string
      readonly entries: Iterable<unknown>
      readonly size: number | undefined
    }
  | { readonly value: unknown }

const mostCauses = 8

/** How an object that is neither an array nor a plain object is written. Runs no code of the program but `toJSON`. */
export function formOf(object: object, budget: Budget): Form {
  if (isBytes(object)) return { text: bytesText(object, budget) }
  if (types.isDate(object)) return { text: dateText(object) }
  if (types.isMap(object)) return { kind: 'Map', entries: mapEntries(object), size: sizeOf(object) }
  if (types.isSet(object)) return { kind: 'Set', entries: setValues(object), size: sizeOf(object) }
  if (isError(object)) return { members: errorMembers(object) }
  if (types.isRegExp(object)) return { text: regExpText(object) }
  if (types.isBoxedPrimitive(object)) return { value: unboxed(object) }
  return platformForm(object) ?? instanceForm(object, budget)
}

/**
 * Whether a form says nothing of what is in the object: the name of its class, or how large it is. A signal says all that
 * there is to it while nobody has given up.
 */
export function saysLittle(form: Form, object: object): boolean {
  if (!('text' in form) || isBytes(object)) return false
  return form.text.startsWith('[') && form.text !== '[AbortSignal]'
}

/** Longer bytes are not hashed only to be compared. */
const mostCompared = 64 * 1024

/** The text of a date, a URL, bytes or a bigint, by which equal ones are known; `undefined` for any other value. */
export function comparableText(value: object | bigint): string | undefined {
  if (typeof value === 'bigint') {
    return BigInt.asIntN(256, value) === value ? value.toString() : undefined
  }
  if (types.isProxy(value)) return undefined
  if (types.isDate(value)) {
    const text = dateText(value)
    return text === invalidDate ? undefined : text
  }
  if (isBytes(value)) {
    return byteLengthOf(value) <= mostCompared ? bytesText(value, new Budget(0)) : undefined
  }
  return inherits(value, URL.prototype) ? platformText(URL, 'href', value) : undefined
}

export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  return types.isNativeError(value) || inherits(value, Error.prototype)
}

const invalidDate = 'Invalid Date'

function dateText(date: Date): string {
  const time: number = Reflect.apply(Date.prototype.getTime, date, [])
  return Number.isNaN(time) ? invalidDate : new Date(time).toISOString()
}

const flags: readonly (readonly [string, string])[] = [
  ['hasIndices', 'd'],
  ['global', 'g'],
  ['ignoreCase', 'i'],
  ['multiline', 'm'],
  ['dotAll', 's'],
  ['unicode', 'u'],
  ['unicodeSets', 'v'],
  ['sticky', 'y'],
]

/** As `toString` writes it, which would ask for members that the program may have put there. */
function regExpText(regExp: RegExp): string {
  const member = (key: string): unknown => {
    const getter = Object.getOwnPropertyDescriptor(RegExp.prototype, key)?.get
    return getter && Reflect.apply(getter, regExp, [])
  }
  const set = flags.flatMap(([key, flag]) => (member(key) === true ? [flag] : []))
  return `/${String(member('source'))}/${set.join('')}`
}

function mapEntries(map: Map<unknown, unknown>): Iterable<unknown> {
  return Reflect.apply(Map.prototype.entries, map, [])
}

function setValues(set: Set<unknown>): Iterable<unknown> {
  return Reflect.apply(Set.prototype.values, set, [])
}

const sizeGetters = [Map.prototype, Set.prototype].map(
  (prototype) => Object.getOwnPropertyDescriptor(prototype, 'size')?.get,
)

function sizeOf(collection: Map<unknown, unknown> | Set<unknown>): number {
  const [ofMap, ofSet] = sizeGetters
  const getter = types.isMap(collection) ? ofMap : ofSet
  return Number(getter && Reflect.apply(getter, collection, []))
}

/** Name and message as a log shows them, what else the error carries, and its cause. */
function* errorMembers(error: Error): Iterable<readonly [string, unknown]> {
  yield ['name', errorName(error)]
  yield ['message', errorMessage(error)]
  for (const key of keysOf(error) ?? []) {
    if (!['name', 'message', 'stack', 'cause', 'errors'].includes(key)) {
      yield [key, dataMember(error, key)]
    }
  }
  const cause = dataMember(error, 'cause')
  if (cause !== undefined) yield ['cause', cause]
  const errors = firstMembers(dataMember(error, 'errors'), mostCauses)
  if (errors.length > 0) yield ['errors', errors]
}

/** The name of an error: its own where it has one, else that of its class. */
export function errorName(error: object): string {
  if (inherits(error, domException?.prototype)) return platformText(domException, 'name', error)
  const name = inheritedMember(error, 'name')
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name
  const ofClass = classNameOf(error)
  return ofClass === 'Object' ? 'Error' : ofClass
}

export function errorMessage(error: object): string {
  if (inherits(error, domException?.prototype)) return platformText(domException, 'message', error)
  return messageOf(error)
}

const nativeStack = accessorOf(new Error(), 'stack')

/**
 * The stack of an error, where it is the platform's own: a member, or behind the platform's getter. The platform copies
 * the message into it.
 */
export function stackOf(error: object): string | undefined {
  if (errorName(error).length > mostRead || errorMessage(error).length > mostRead) return undefined
  try {
    return writtenStack(error)
  } catch {
    // `Error.prepareStackTrace` is the program's.
    return undefined
  }
}

function writtenStack(error: object): string | undefined {
  // The platform writes the stack when it is first asked for, with name and message.
  if (!inherits(error, domException?.prototype)) {
    if (accessorOf(error, 'name') || accessorOf(error, 'message')) return undefined
  }
  // Whoever formats stacks in another way is asked when one is read first.
  const formatsItself = dataMember(Error, 'prepareStackTrace') !== undefined
  return formatsItself ? unrecorded(() => readStack(error)) : readStack(error)
}

function readStack(error: object): string | undefined {
  const own = inheritedMember(error, 'stack')
  if (typeof own === 'string') return own
  const getter = accessorOf(error, 'stack')
  if (!getter || getter !== nativeStack) return undefined
  const stack: unknown = Reflect.apply(getter, error, [])
  return typeof stack === 'string' ? stack : undefined
}

function accessorOf(object: object, key: string): (() => unknown) | undefined {
  return descriptorOf(object, key)?.get
}

function unboxed(object: object): unknown {
  if (types.isNumberObject(object)) return Reflect.apply(Number.prototype.valueOf, object, [])
  if (types.isStringObject(object)) return Reflect.apply(String.prototype.valueOf, object, [])
  if (types.isBooleanObject(object)) return Reflect.apply(Boolean.prototype.valueOf, object, [])
  if (types.isBigIntObject(object)) return Reflect.apply(BigInt.prototype.valueOf, object, [])
  return Reflect.apply(Symbol.prototype.valueOf, object, [])
}

type PlatformClass = { readonly prototype: object } | undefined

// Taken once: what the program puts in their place later is the program's.
const domException: PlatformClass = globalThis.DOMException
const { URL, URLSearchParams, Headers, FormData, Blob, Request, Response } = globalThis

/** Objects of the web platform keep what they are behind getters; the platform's own are asked. */
function platformForm(object: object): Form | undefined {
  if (inherits(object, URL.prototype)) return { text: platformText(URL, 'href', object) }
  if (inherits(object, URLSearchParams.prototype)) {
    return { text: searchText(Reflect.apply(URLSearchParams.prototype.entries, object, [])) }
  }
  if (inherits(object, Headers.prototype)) {
    const entries: Iterable<unknown> = Reflect.apply(Headers.prototype.entries, object, [])
    return { kind: 'Headers', entries: headerEntries(entries), size: undefined }
  }
  if (inherits(object, FormData.prototype)) {
    const entries: Iterable<unknown> = Reflect.apply(FormData.prototype.entries, object, [])
    return { kind: 'FormData', entries, size: undefined }
  }
  if (inherits(object, Blob.prototype)) return { text: blobText(object) }
  if (inherits(object, Response.prototype)) {
    const [status, url] = [
      platformText(Response, 'status', object),
      platformText(Response, 'url', object),
    ]
    return { text: `[Response ${status}${url === '' ? '' : ` ${url}`}]` }
  }
  if (inherits(object, Request.prototype)) {
    const [method, url] = [
      platformText(Request, 'method', object),
      platformText(Request, 'url', object),
    ]
    return { text: `[Request ${method} ${url}]` }
  }
  return undefined
}

function platformText(platform: PlatformClass, key: string, object: object): string {
  const getter = platform && Object.getOwnPropertyDescriptor(platform.prototype, key)?.get
  return getter ? String(Reflect.apply(getter, object, [])) : ''
}

/** An instance of a class is what its `toJSON` says, or its fields; one without any is its class's name. */
function instanceForm(object: object, budget: Budget): Form {
  const className = classNameOf(object)
  const name = `[${className}]`
  if (className === 'IncomingMessage' || className === 'ServerResponse') {
    return { members: messageMembers(object) }
  }
  if (types.isPromise(object) || types.isGeneratorObject(object)) return { text: name }
  const toJson = methodOf(object, 'toJSON')
  if (toJson) {
    const value = unrecorded(() => Reflect.apply(toJson, object, ['']))
    budget.look()
    return value === object ? { text: name } : { value }
  }
  const keys = keysOf(object)
  if (!keys || keys.length === 0) return { text: name }
  return { members: keys.map((key) => [key, dataMember(object, key)] as const) }
}

const mostSearchParameters = 1_000

/** As `toString` writes search parameters, of which there may be any number. */
function searchText(entries: Iterable<readonly [string, string]>): string {
  const first = new URLSearchParams()
  let count = 0
  for (const [name, value] of entries) {
    if (count++ === mostSearchParameters) return `${first}&…`
    first.append(brief(name), brief(value))
  }
  return first.toString()
}

function brief(text: string): string {
  return text.length > 65_536 ? cut(text, 65_536) : text
}
