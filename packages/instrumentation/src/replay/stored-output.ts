import type { Json } from '@trace2/core'
import {
  ATTR_OP_ORDER,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_PIECES,
  ATTR_OUTPUT_UNDEFINED,
  ATTR_OUTPUT_VALUE,
} from '@trace2/core'
import type { RecordedOutcome, RecordedValue } from '../answering/index.ts'

type Attributes = { readonly [name: string]: unknown }
type Lost = Extract<RecordedOutcome, { readonly kind: 'lost' }>

export function textAt(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key]
  return typeof value === 'string' ? value : undefined
}

/** Why an output is not what its text says. */
const lost: ReadonlyMap<string, string> = new Map([
  ['described', 'its output has values that JSON cannot carry'],
  ['opaque', 'its output has values that JSON cannot carry'],
  ['masked', 'its output was masked'],
])

/** What JSON text of a recorder that does not tell holds where a value is only described. */
const described = /"\[(?:Map|Set|getter|Proxy|see #|function )/

/** The output of a span, where all of it is there. */
export function outputOf(attributes: Attributes): RecordedValue | Lost {
  const fidelity = textAt(attributes, ATTR_OUTPUT_FIDELITY)
  const text = textAt(attributes, ATTR_OUTPUT_VALUE)
  const why = lost.get(fidelity ?? '')
  if (why !== undefined) return { kind: 'lost', reason: why, ...describedIn(fidelity, text) }
  if (attributes[ATTR_OUTPUT_HASH] !== undefined) {
    const what = text === undefined ? 'withheld' : 'cut, because it is too long'
    return { kind: 'lost', reason: `its output was ${what}` }
  }
  if (text === undefined) return { kind: 'value' }
  const isUnfinished = fidelity === 'unfinished'
  if (attributes[ATTR_OUTPUT_MIME_TYPE] === 'text/plain')
    return textOutput(text, attributes, isUnfinished)
  try {
    const value: Json = JSON.parse(text)
    if (attributes[ATTR_OP_ORDER] === undefined && described.test(text)) {
      return { kind: 'lost', reason: 'its output has values that JSON cannot carry' }
    }
    const missing = attributes[ATTR_OUTPUT_UNDEFINED]
    return {
      kind: 'value',
      value,
      ...(Array.isArray(missing) && { undefined: missing.map(String) }),
      ...(isUnfinished && { isUnfinished }),
    }
  } catch {
    return { kind: 'lost', reason: 'its output was cut on the way to the store' }
  }
}

function describedIn(
  fidelity: string | undefined,
  text: string | undefined,
): { readonly described?: Json } {
  if (fidelity !== 'described' || text === undefined) return {}
  try {
    return { described: JSON.parse(text) }
  } catch {
    return {}
  }
}

/** A text, in the pieces in which a stream gave it. */
function textOutput(
  text: string,
  attributes: Attributes,
  isUnfinished: boolean,
): RecordedValue | Lost {
  const isStream = textAt(attributes, ATTR_OUTPUT_FORM)?.match(/generator|iterable/)
  if (!isStream) return { kind: 'value', value: text }
  const listed = attributes[ATTR_OUTPUT_PIECES]
  const pieces = Array.isArray(listed) ? listed.map(Number) : []
  if (pieces.reduce((sum, length) => sum + length, 0) !== text.length) {
    return { kind: 'lost', reason: 'the pieces of its stream are not recorded' }
  }
  return { kind: 'value', value: text, pieces, ...(isUnfinished && { isUnfinished }) }
}
