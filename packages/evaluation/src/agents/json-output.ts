import { types } from 'node:util'

/** Longest output as JSON text, in UTF-16 units: an agent that answers with more has gone wrong. */
export const longestOutput = 16 * 1024 * 1024

/**
 * The JSON text of an output, or what of it JSON cannot carry. `JSON.stringify` alone would drop functions and turn
 * maps, errors and `NaN` into something else without a word.
 */
export function jsonOutput(value: unknown): { readonly json: string } | { readonly fault: string } {
  try {
    const fault = faultOf(value, '', new Set())
    if (fault !== undefined) return { fault }
    const json = JSON.stringify(value) ?? 'null'
    if (json.length > longestOutput) {
      return { fault: `the output has ${json.length} characters; ${longestOutput} are the most` }
    }
    return { json }
  } catch (error) {
    if (error instanceof RangeError) return { fault: 'the output is nested too deep, or too long' }
    return { fault: `the output cannot be read: ${String(error)}` }
  }
}

function faultOf(given: unknown, place: string, around: Set<object>): string | undefined {
  const value = plain(given)
  const what = unfit(value)
  if (what !== undefined) return `${placeText(place)} is ${what}`
  if (typeof value !== 'object' || value === null) return undefined
  if (around.has(value)) return `${placeText(place)} contains itself`
  around.add(value)
  for (const [key, member] of Object.entries(value)) {
    const fault = faultOf(member, `${place}/${key}`, around)
    if (fault !== undefined) return fault
  }
  around.delete(value)
  return undefined
}

/** What `JSON.stringify` would write instead: a date is its text. Bytes are none, although Node gives them a form. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || types.isTypedArray(value)) return value
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value
}

function unfit(value: unknown): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return 'a bigint'
    case 'symbol':
      return 'a symbol'
    case 'function':
      return 'a function'
    case 'number':
      return Number.isFinite(value) ? undefined : String(value)
    case 'object':
      return value === null ? undefined : unfitObject(value)
    default:
      return undefined
  }
}

function unfitObject(value: object): string | undefined {
  if (types.isPromise(value)) return 'a promise that was not awaited'
  if (types.isMap(value) || types.isWeakMap(value)) return 'a Map'
  if (types.isSet(value) || types.isWeakSet(value)) return 'a Set'
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return 'bytes'
  if (types.isNativeError(value)) return 'an Error, which is to be thrown or turned into text'
  if (types.isRegExp(value)) return 'a regular expression'
  if (value instanceof Response) return 'a Response; return what is in it'
  return undefined
}

const longestPlace = 200

function placeText(place: string): string {
  return place === '' ? 'the output' : `${place.slice(0, longestPlace)} of the output`
}
