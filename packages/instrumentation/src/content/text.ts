import { Budget } from './budget.ts'
import { cut } from './cut.ts'
import { type Fidelity, fidelityOfText } from './fidelity.ts'
import { JsonWriter } from './json-writer.ts'
import { simpleText } from './simple.ts'

/** A value as text: a string as it is, anything else as JSON. */
export interface ValueText {
  readonly text: string
  readonly isString: boolean
  /** Whether the text has less than the whole value. */
  readonly isCut: boolean
  readonly fidelity: Fidelity
}

/** Longest JSON text of a value whose caller sets no limit. */
const usualLength = 1024 * 1024

/**
 * The text of a value, in at most about `maxLength` characters where it is no string; a string is as long as it is.
 *
 * @param isOutput whether the value may be given again from its text.
 */
export function valueText(
  value: unknown,
  budget: Budget,
  maxLength: number,
  isOutput = false,
): ValueText {
  if (typeof value === 'string') {
    return { text: value, isString: true, isCut: false, fidelity: fidelityOfText(value) }
  }
  if (typeof value === 'object' && value !== null) {
    const json = simpleText(value, budget.room(maxLength), isOutput)
    if (json !== undefined && json.text.length <= budget.room(maxLength)) {
      budget.end(json.text.length)
      return { text: json.text, isString: false, isCut: false, fidelity: json.fidelity }
    }
  }
  let writer = new JsonWriter(budget, maxLength, { isSecond: false })
  let text = writer.write(value)
  if (!writer.isPlain) {
    writer = new JsonWriter(budget, maxLength, { isSecond: true })
    text = writer.write(value)
  }
  budget.end(text.length)
  return { text, isString: false, isCut: writer.isCut, fidelity: writer.fidelity }
}

/** Valid JSON text of any value, of bounded length; what JSON cannot carry is described in its place. */
export function jsonText(value: unknown, maxLength = usualLength): string {
  const { text, isString } = valueText(value, new Budget(maxLength), maxLength)
  if (!isString) return text
  return JSON.stringify(text.length > maxLength ? cut(text, maxLength) : text)
}
