import {
  apply,
  bigintValue,
  booleanValue,
  codeAt,
  construct,
  dataBuffer,
  dataLength,
  dataOffset,
  dateTime,
  fromCharCode,
  is,
  isArray,
  mapClear,
  mapEach,
  mapSet,
  numberValue,
  ownKeys,
  regExpFlags,
  regExpSource,
  setAdd,
  setClear,
  setDateTime,
  setEach,
  stringify,
  stringValue,
  subarray,
  symbolValue,
  typedBuffer,
  typedLength,
  typedName,
  typedOffset,
} from './intrinsics.ts'
import { builtIn, isObject } from './named.ts'
import type { Kind, Side } from './side.ts'

type ToText = (value: unknown) => string
type FromJson = (json: unknown) => unknown

const {
  ArrayBuffer: BufferOf,
  Date: DateOf,
  Error: ErrorOf,
  Map: MapOf,
  Object: ObjectOf,
} = globalThis
const { RegExp: RegExpOf, Set: SetOf, Uint8Array: BytesOf } = globalThis

/** What an object holds beside its properties, as JSON text. */
export function coreText(kind: Kind, target: object, toText: ToText, side: Side): string {
  switch (kind) {
    case 'a':
      return arrayText(target, toText)
    case 'd':
      return `[${toText(dateTime(target))}]`
    case 'r':
      return `[${stringify(regExpSource(target))},${stringify(regExpFlags(target))}]`
    case 'm': {
      let text = ''
      mapEach(target, (value: unknown, key: unknown) => {
        text += `${text === '' ? '' : ','}${toText(key)},${toText(value)}`
      })
      return `[${text}]`
    }
    case 's': {
      let text = ''
      setEach(target, (value: unknown) => {
        text += `${text === '' ? '' : ','}${toText(value)}`
      })
      return `[${text}]`
    }
    case 'b':
      return `[${bytesText(new BytesOf(target as ArrayBuffer))}]`
    case 'v':
      return viewText(target, toText, side)
    case 'x':
      return `[${toText(unboxed(target))}]`
    case 'e':
      return `[${stringify(side.stackOf(target))}]`
    default:
      return '[]'
  }
}

/** An array without holes and other properties gives its elements; for any other they are properties. */
function arrayText(target: object, toText: ToText): string {
  const { length } = target as readonly unknown[]
  if (!isDense(target)) return `[${length}]`
  let text = `[${length}`
  for (let index = 0; index < length; index++) text += `,${toText(Reflect.get(target, index))}`
  return `${text}]`
}

export function isDense(target: object): boolean {
  return isArray(target) && ownKeys(target).length === target.length + 1
}

const chunk = 8_192

function bytesText(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < typedLength(bytes); start += chunk) {
    text += apply(fromCharCode, undefined, subarray(bytes, start, start + chunk))
  }
  return stringify(text)
}

function viewText(view: object, toText: ToText, side: Side): string {
  const name = typedName(view)
  const [buffer, offset, length] =
    name === undefined
      ? [dataBuffer(view), dataOffset(view), dataLength(view)]
      : [typedBuffer(view), typedOffset(view), typedLength(view)]
  const form = stringify(name ?? 'DataView')
  if (!side.crossesAlone(view)) return `[${form},${toText(buffer)},${offset},${length}]`
  return `[${form},${bytesText(new BytesOf(buffer, offset, length))}]`
}

function unboxed(target: object): unknown {
  if (target instanceof Number) return numberValue(target)
  if (target instanceof String) return stringValue(target)
  if (target instanceof Boolean) return booleanValue(target)
  return target instanceof BigInt ? bigintValue(target) : symbolValue(target)
}

/** A new object of the kind. What may refer to others is filled in later. */
export function createShell(
  kind: Kind,
  core: readonly unknown[],
  fromJson: FromJson,
): object | undefined {
  switch (kind) {
    case 'o':
      return {}
    case 'a':
      return []
    case 'd':
      return new DateOf(0)
    case 'r':
      return new RegExpOf(textAt(core, 0), textAt(core, 1))
    case 'm':
      return new MapOf()
    case 's':
      return new SetOf()
    case 'b':
      return new BufferOf(textAt(core, 0).length)
    case 'v':
      return createView(core, fromJson)
    case 'e':
      return new ErrorOf()
    case 'x':
      return boxed(fromJson(core[0]))
    default:
      return undefined
  }
}

/** An object that is boxed would be itself, and not new. */
function boxed(value: unknown): object | undefined {
  return value === undefined || value === null || isObject(value) ? undefined : ObjectOf(value)
}

const viewName =
  /^(?:DataView|(?:Ui|I)nt(?:8|16|32)Array|Uint8ClampedArray|Big(?:Ui|I)nt64Array|Float(?:32|64)Array)$/

function createView(core: readonly unknown[], fromJson: FromJson): object | undefined {
  const form = textAt(core, 0)
  const maker = apply(RegExp.prototype.test, viewName, [form]) ? builtIn(form) : undefined
  if (typeof maker !== 'function') return undefined
  const [, bytes] = [core[0], core[1]]
  if (typeof bytes === 'string') return construct(maker, [new BufferOf(bytes.length)])
  const buffer = fromJson(bytes)
  return buffer instanceof BufferOf ? construct(maker, [buffer, core[2], core[3]]) : undefined
}

/** Gives an object what {@link coreText} said. */
export function fillCore(
  kind: Kind,
  target: object,
  core: readonly unknown[],
  fromJson: FromJson,
): void {
  switch (kind) {
    case 'a':
      fillArray(target as unknown[], core, fromJson)
      return
    case 'd':
      setDateTime(target, fromJson(core[0]))
      return
    case 'm':
      mapClear(target)
      for (let index = 0; index + 1 < core.length; index += 2) {
        mapSet(target, fromJson(core[index]), fromJson(core[index + 1]))
      }
      return
    case 's':
      setClear(target)
      for (let index = 0; index < core.length; index++) setAdd(target, fromJson(core[index]))
      return
    case 'b':
      fillBytes(new BytesOf(target as ArrayBuffer), textAt(core, 0))
      return
    case 'v': {
      const bytes = core[1]
      if (typeof bytes !== 'string') return
      const isData = typedName(target) === undefined
      const buffer = isData ? dataBuffer(target) : typedBuffer(target)
      const offset = isData ? dataOffset(target) : typedOffset(target)
      fillBytes(new BytesOf(buffer, offset, bytes.length), bytes)
      return
    }
  }
}

function fillArray(target: unknown[], core: readonly unknown[], fromJson: FromJson): void {
  const length = core[0]
  if (typeof length !== 'number') return
  if (target.length !== length) target.length = length
  // A length alone goes with elements as properties.
  if (core.length !== length + 1) return
  for (let index = 0; index < length; index++) {
    const value = fromJson(core[index + 1])
    if (!is(target[index], value) || !(index in target)) target[index] = value
  }
}

function fillBytes(bytes: Uint8Array, text: string): void {
  for (let index = 0; index < text.length; index++) bytes[index] = codeAt(text, index)
}

function textAt(core: readonly unknown[], index: number): string {
  const text = core[index]
  return typeof text === 'string' ? text : ''
}
