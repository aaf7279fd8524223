import type { Json } from '@trace2/core'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { expectedOf, type Selection, selected } from './subject.ts'
import { quote } from './wording.ts'

/** Right or wrong: the number in the output is near enough to the expected one. */
export interface NumberDefinition extends Selection {
  readonly kind: 'number'
  readonly name?: string
  /** Default: the reference of the run. */
  readonly expected?: number
  /** Largest difference that is right. Default 0. */
  readonly tolerance?: number
  /** Largest difference as a share of the expected number; the larger of both tolerances holds. Default 0. */
  readonly relativeTolerance?: number
}

export const numberSchema = definitionSchema('number', {
  ...selectionSchema,
  expected: { type: 'number' },
  tolerance: { type: 'number', minimum: 0 },
  relativeTolerance: { type: 'number', minimum: 0 },
})

export function nearNumber(definition: NumberDefinition): Guide {
  const { tolerance = 0, relativeTolerance = 0 } = definition
  const name = nameOf(definition)
  return {
    name,
    definition: { ...definition },
    source: 'code',
    needsReference: definition.expected === undefined,
    judge(subject) {
      const reference = expectedOf(subject, definition.expected, name, definition)
      const expected = numberIn(reference)
      if (expected === undefined)
        return { score: 0, comment: `The reference ${quote(reference)} is no number.` }
      const value = selected(subject, definition)
      const given = numberIn(value)
      if (given === undefined) {
        return { score: 0, comment: `It should be ${expected}, and ${quote(value)} has no number.` }
      }
      const allowed = Math.max(tolerance, relativeTolerance * Math.abs(expected))
      const difference = given - expected
      // 0.3 - 0.1 is not 0.2: what rounding adds is no difference.
      const rounding = 4 * Number.EPSILON * Math.max(Math.abs(given), Math.abs(expected))
      if (Math.abs(difference) <= allowed + rounding) {
        return { score: 1, comment: `${given} is right (${expected}).` }
      }
      const direction = difference > 0 ? 'high' : 'low'
      const margin = allowed === 0 ? '' : ` (${Number(allowed.toPrecision(6))} is allowed)`
      return {
        score: 0,
        comment: `${given} should be ${expected}: it is too ${direction} by ${Number(Math.abs(difference).toPrecision(6))}${margin}.`,
      }
    },
  }
}

/** A number, or the last one in a text, where an answer that explains itself has it; `1,250.5` is one number. */
function numberIn(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const found = value
    .match(/(?<![\p{L}\d.])[-+−]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?/giu)
    ?.at(-1)
  if (found === undefined) return undefined
  const number = Number(found.replaceAll(',', '').replace('−', '-'))
  return Number.isFinite(number) ? number : undefined
}
