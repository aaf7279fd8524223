import { Budget } from './budget.ts'
import { cut } from './cut.ts'
import { JsonWriter } from './json-writer.ts'
import { simpleText } from './simple.ts'

/** A value as text: a string as it is, anything else as JSON. */
export interface ValueText {
  readonly text: string
  readonly isString: boolean
  /** Whether the text has less than the whole value. */
  readonly isCut: boolean
}

/** Longest JSON text of a value whose caller sets no limit. */
const usualLength = 1024 * 1024

/** The text of a value, in at most about `maxLength` characters where it is no string; a string is as long as it is. */
export function valueText(value: unknown, budget: Budget, maxLength: number): ValueText {
  if (typeof value === 'string') return { text: value, isString: true, isCut: false }
  if (typeof value === 'object' && value !== null) {
    const json = simpleText(value, budget.room(maxLength))
    if (json !== undefined && json.length <= budget.room(maxLength)) {
      budget.end(json.length)
      return { text: json, isString: false, isCut: false }
    }
  }
  let writer = new JsonWriter(budget, maxLength, { isSecond: false })
  let text = writer.write(value)
  if (!writer.isPlain) {
    writer = new JsonWriter(budget, maxLength, { isSecond: true })
    text = writer.write(value)
  }
  budget.end(text.length)
  return { text, isString: false, isCut: writer.isCut }
}

/** Valid JSON text of any value, of bounded length; what JSON cannot carry is described in its place. */
export function jsonText(value: unknown, maxLength = usualLength): string {
  const { text, isString } = valueText(value, new Budget(maxLength), maxLength)
  if (!isString) return text
  return JSON.stringify(text.length > maxLength ? cut(text, maxLength) : text)
}
