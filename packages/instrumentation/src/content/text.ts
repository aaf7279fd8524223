/** A value as text: a string as it is, anything else as JSON. */
export interface ValueText {
  readonly text: string
  readonly isString: boolean
}

export function valueText(value: unknown): ValueText {
  return typeof value === 'string'
    ? { text: value, isString: true }
    : { text: jsonText(value), isString: false }
}

/** JSON text of any value; what JSON cannot carry is described in its place. */
export function jsonText(value: unknown): string {
  if (ArrayBuffer.isView(value)) return JSON.stringify(bytesText(value))
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return JSON.stringify(describable(value, [])) ?? 'null'
  }
}

/** A copy without what made JSON.stringify fail: cycles, bigints, members that throw. */
function describable(value: unknown, path: readonly object[]): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (path.includes(value)) return '[circular]'
  if (ArrayBuffer.isView(value)) return bytesText(value)
  const inside = [...path, value]
  if (Array.isArray(value)) return value.map((item) => describable(item, inside))
  return Object.fromEntries(
    Object.keys(value).map((key) => [key, describable(member(value, key), inside)]),
  )
}

function member(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key)
  } catch (error) {
    return `[threw: ${String(error)}]`
  }
}

function bytesText(view: ArrayBufferView): string {
  return `[${view.byteLength} bytes]`
}
