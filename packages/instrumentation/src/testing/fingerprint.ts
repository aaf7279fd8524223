import { types } from 'node:util'

/** Text that is the same for two values only where a program could not tell them apart: kinds, order, shared parts. */
export function fingerprint(value: unknown): string {
  const known = new Map<unknown, number>()
  const lines: string[] = []
  const nameOf = (each: unknown): string => {
    if (typeof each === 'bigint') return `${each}n`
    if (typeof each === 'symbol') return Symbol.keyFor(each) ?? String(each)
    if (typeof each === 'string') return JSON.stringify(each)
    if (!isObject(each)) return Object.is(each, -0) ? '-0' : String(each)
    const number = known.get(each)
    if (number !== undefined) return `#${number}`
    known.set(each, known.size)
    pending.push(each)
    return `#${known.size - 1}`
  }
  const pending: object[] = []
  const root = nameOf(value)
  for (let each = pending.shift(); each; each = pending.shift()) {
    lines.push(`${nameOf(each)}: ${describe(each, nameOf)}`)
  }
  return [root, ...lines].join('\n')
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function describe(value: object, nameOf: (each: unknown) => string): string {
  if (typeof value === 'function') return `function ${value.name}/${value.length}`
  const prototype: unknown = Object.getPrototypeOf(value)
  const kind = isObject(prototype) ? String(Reflect.get(prototype, 'constructor')?.name) : 'null'
  const fields = ArrayBuffer.isView(value)
    ? []
    : Reflect.ownKeys(value).filter((key) => key !== 'stack')
  const properties = fields.map((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key)
    const bits = `${property?.writable ? 'w' : ''}${property?.enumerable ? 'e' : ''}${property?.configurable ? 'c' : ''}`
    return `${String(key)}:${bits}=${nameOf(property?.value)}`
  })
  const extensible = Object.isExtensible(value) ? '' : ' closed'
  return `${kind}${extensible} ${content(value, nameOf)} {${properties.join(', ')}}`
}

function content(value: object, nameOf: (each: unknown) => string): string {
  if (types.isMap(value)) return [...value].map((pair) => pair.map(nameOf).join('→')).join(' ')
  if (types.isSet(value)) return [...value].map(nameOf).join(' ')
  if (types.isDate(value)) return String(value.getTime())
  if (types.isRegExp(value)) return String(value)
  if (types.isArrayBuffer(value)) return Buffer.from(value).toString('hex')
  if (ArrayBuffer.isView(value))
    return `${value.byteOffset}/${value.byteLength} of ${nameOf(value.buffer)}`
  return types.isBoxedPrimitive(value) ? nameOf(value.valueOf()) : ''
}
