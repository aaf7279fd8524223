type Predicate = (value: unknown) => boolean

/** A test by a method that throws for all objects but those of its own class, whatever their prototype says. */
function branded(prototype: object, member: string, ...args: readonly unknown[]): Predicate {
  const { get, value: method } = Object.getOwnPropertyDescriptor(prototype, member) ?? {}
  const probe: unknown = get ?? method
  return (value) => {
    if (typeof value !== 'object' || value === null || typeof probe !== 'function') return false
    try {
      // Prototypes of some classes answer with `undefined`.
      return Reflect.apply(probe, value, args) !== undefined
    } catch {
      return false
    }
  }
}

const never: Predicate = () => false
const isNumberObject = branded(Number.prototype, 'valueOf')
const isStringObject = branded(String.prototype, 'valueOf')
const isBooleanObject = branded(Boolean.prototype, 'valueOf')
const isBigIntObject = branded(BigInt.prototype, 'valueOf')
const isSymbolObject = branded(Symbol.prototype, 'valueOf')
const isArrayBuffer = branded(ArrayBuffer.prototype, 'byteLength')
// Pages that are not isolated from other origins have none.
const isSharedArrayBuffer =
  typeof SharedArrayBuffer === 'undefined'
    ? never
    : branded(SharedArrayBuffer.prototype, 'byteLength')

/** Text that a class of the language gives its objects, unless they say otherwise. */
function tagged(...tags: readonly string[]): Predicate {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    tags.includes(Object.prototype.toString.call(value))
}

/**
 * The predicates of `node:util` for runtimes without it. Proxies cannot be told there, and promises, generators and
 * errors are told by what they say of themselves.
 */
export const portableTypes = {
  isAnyArrayBuffer: (value) => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isArrayBuffer,
  isArrayBufferView: (value) => ArrayBuffer.isView(value),
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive: (value) =>
    isNumberObject(value) ||
    isStringObject(value) ||
    isBooleanObject(value) ||
    isBigIntObject(value) ||
    isSymbolObject(value),
  isDataView: branded(DataView.prototype, 'byteLength'),
  isDate: branded(Date.prototype, 'getTime'),
  isGeneratorObject: tagged('[object Generator]', '[object AsyncGenerator]'),
  isMap: branded(Map.prototype, 'size'),
  isModuleNamespaceObject: tagged('[object Module]'),
  isNativeError: (value) => value instanceof Error,
  isNumberObject,
  isPromise: (value) => value instanceof Promise,
  isProxy: never,
  isRegExp: branded(RegExp.prototype, 'sticky'),
  isSet: branded(Set.prototype, 'size'),
  isSharedArrayBuffer,
  isStringObject,
  isWeakMap: branded(WeakMap.prototype, 'has', {}),
  isWeakSet: branded(WeakSet.prototype, 'has', {}),
} satisfies Readonly<Record<string, Predicate>>
