import type { Json } from '@trace2/core'
import type { ParameterSummary } from '@trace2/store'
import { checkValue, type TypedValue } from '../values/index.ts'

/** Why an entry of a parameters file gives no value. The entry is one that agents pass over. */
export function entryFault(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) {
    return `it is ${typeInWords(entry)} and not an object with a "value"`
  }
  const variants: unknown = Reflect.get(entry, 'variants')
  if (variants === undefined) return 'it has neither "value" nor "variants"'
  if (!Array.isArray(variants)) return `its "variants" are ${typeInWords(variants)} and no list`
  if (variants.length === 0) return 'its "variants" are an empty list'
  const faults = variants.map((variant: unknown, at) => {
    const place = `variant ${at + 1}`
    if (typeof variant !== 'object' || variant === null || !('value' in variant)) {
      return `${place} has no "value"`
    }
    const weight: unknown = 'weight' in variant ? variant.weight : 1
    if (typeof weight !== 'number') {
      return `the weight of ${place} is ${JSON.stringify(weight)} and no number`
    }
    const isSound = weight > 0 && Number.isFinite(weight)
    return isSound ? undefined : `the weight of ${place} is ${weight}, not finite and above 0`
  })
  return faults.find((fault) => fault !== undefined) ?? 'its weights have no sum'
}

/** What an entry gives: one value, or several to choose among. */
interface Offer {
  readonly arms: readonly { readonly value: Json; readonly version: string }[]
}

/**
 * Says why agents refuse a value of an entry. The value breaks the schema of the parameter, as does code that does not parse or
 * has another signature. For a parameter without a schema, the value is of another type than the values of its runs.
 *
 * @returns `undefined` if agents use each value, or used it in recent runs.
 */
export function valueFault({ arms }: Offer, parameter: ParameterSummary): string | undefined {
  const { schema, value, recent = [] } = parameter
  for (const arm of arms) {
    if (recent.some(({ version }) => version === arm.version)) continue
    const fault =
      schema === null ? otherType(value, arm.value) : faultOf({ value, schema }, arm.value)
    if (fault !== undefined) return fault
  }
  return undefined
}

function faultOf(present: TypedValue, given: Json): string | undefined {
  try {
    const checked = checkValue(present, given)
    return checked.ok ? undefined : checked.fault
  } catch {
    // A schema that cannot be followed says nothing about a value.
    return undefined
  }
}

function otherType(present: Json, given: Json): string | undefined {
  const [expected, actual] = [jsonType(present), jsonType(given)]
  if (present === null || expected === actual) return undefined
  return `a value of type ${expected} is needed, not ${actual}`
}

function jsonType(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function typeInWords(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'an object'
    : typeof value === 'string'
      ? 'a text'
      : `a ${typeof value}`
}
