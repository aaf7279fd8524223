import { type IssuedBy, readIssued } from './issued.ts'

/** One value that a source offers for a parameter, with its probability. */
export interface Choice {
  /** The value, which is not yet checked against the parameter. */
  readonly value: unknown
  /** Probability that a run uses this value, from 0 to 1. It is 1 if there is only one value. */
  readonly propensity: number
}

/** The values that a source offers, by the name of the parameter. With several values, each run uses one of them. */
export type ParameterValues = ReadonlyMap<string, readonly Choice[]>

/** A single value, chosen by nobody. */
export function onlyChoice(value: unknown): readonly Choice[] {
  return [{ value, propensity: 1 }]
}

/**
 * Reads the values of a parameters document, given as parsed JSON. Each entry has a `value`, or `variants` with weights.
 * Returns `undefined` if this is not a parameters document or if one of its entries is malformed.
 *
 * @example
 * const document = { trace2: 1, parameters: { 'triage.system': { variants: [{ value: 'Classify.', weight: 9 }] } } }
 * parseParameters(document)?.get('triage.system') // [{ value: 'Classify.', propensity: 1 }]
 */
export function parseParameters(document: unknown): ParameterValues | undefined {
  const read = readParameters(document)
  return read?.faulty.length === 0 ? read.values : undefined
}

/** What can be used of a parsed parameters document, and what cannot. */
export interface ParametersDocument {
  /** The values of all entries that are well formed. */
  readonly values: ParameterValues
  /** Names of the entries that are malformed. */
  readonly faulty: readonly string[]
  /** Who issued the document, if it says so. */
  readonly issued?: IssuedBy
}

/** As {@link parseParameters}, where an entry that is none costs only itself. */
export function readParameters(document: unknown): ParametersDocument | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  if (!('trace2' in document) || document.trace2 !== 1 || !('parameters' in document))
    return undefined
  const { parameters } = document
  if (typeof parameters !== 'object' || parameters === null) return undefined
  const values = new Map<string, readonly Choice[]>()
  const faulty: string[] = []
  for (const [name, entry] of Object.entries(parameters)) {
    const choices = parseEntry(entry)
    if (choices) values.set(name, choices)
    else faulty.push(name)
  }
  const issued = readIssued(document)
  return { values, faulty, ...(issued && { issued }) }
}

function parseEntry(entry: unknown): readonly Choice[] | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  if ('value' in entry) return onlyChoice(entry.value)
  if (!('variants' in entry) || !Array.isArray(entry.variants)) return undefined
  const variants: { value: unknown; weight: number }[] = []
  for (const variant of entry.variants as readonly unknown[]) {
    if (typeof variant !== 'object' || variant === null || !('value' in variant)) return undefined
    const weight = 'weight' in variant ? variant.weight : 1
    if (typeof weight !== 'number' || !(weight > 0) || !Number.isFinite(weight)) return undefined
    variants.push({ value: variant.value, weight })
  }
  const total = variants.reduce((sum, { weight }) => sum + weight, 0)
  if (!(total > 0 && Number.isFinite(total))) return undefined
  return variants.map(({ value, weight }) => ({ value, propensity: weight / total }))
}
