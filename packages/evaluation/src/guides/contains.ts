import type { Json } from '@trace2/core'
import { showValue } from '@trace2/core'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { expectedOf, type Selection, selected } from './subject.ts'
import { quote, share } from './wording.ts'

/** The share of texts that the output contains, or does not contain where it must not. */
export interface ContainsDefinition extends Selection {
  readonly kind: 'contains'
  readonly name?: string
  /** Default: the reference of the run, a text or a list of texts. */
  readonly text?: string | readonly string[]
  /** One of the texts is enough. */
  readonly any?: boolean
  /** None of the texts may occur. */
  readonly not?: boolean
  /** Whether `Refund` is another text than `refund`. Default `false`. */
  readonly caseSensitive?: boolean
}

export const containsSchema = definitionSchema('contains', {
  ...selectionSchema,
  text: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
    ],
  },
  any: { type: 'boolean' },
  not: { type: 'boolean' },
  caseSensitive: { type: 'boolean' },
})

export function contains(definition: ContainsDefinition): Guide {
  const { any = false, not = false, caseSensitive = false } = definition
  const name = nameOf(definition)
  const comparable = (text: string) => (caseSensitive ? text : text.toLowerCase())
  return {
    name,
    definition: { ...definition },
    source: 'code',
    needsReference: definition.text === undefined,
    judge(subject) {
      const wanted = textsOf(expectedOf(subject, definition.text, name, definition))
      const value = selected(subject, definition)
      const texts = value === undefined ? [''] : writtenForms(value).map(comparable)
      const present = wanted.filter((each) => texts.some((text) => text.includes(comparable(each))))
      const absent = wanted.filter((each) => !present.includes(each))
      if (not) {
        return present.length === 0
          ? { score: 1, comment: `It has none of ${quotes(wanted)}.` }
          : {
              score: share(absent.length, wanted.length),
              comment: `It must not contain ${quotes(present)}.`,
            }
      }
      if (absent.length === 0 || (any && present.length > 0)) {
        return { score: 1, comment: `It contains ${quotes(present)}.` }
      }
      return any
        ? { score: 0, comment: `It must contain one of ${quotes(absent)}.` }
        : {
            score: share(present.length, wanted.length),
            comment: `It must contain ${quotes(absent)}.`,
          }
    },
  }
}

/** A value as it is shown: in one line and, of a structure, over several as in a diff, where a space follows each name. */
function writtenForms(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [showValue(value)]
  const lines = JSON.stringify(value, null, 2)
  return [showValue(value), lines, lines.replace(/\n\s*/g, ' ')]
}

function textsOf(value: Json): string[] {
  return Array.isArray(value) ? value.map(showValue) : [showValue(value)]
}

function quotes(texts: readonly string[]): string {
  return texts.map(quote).join(', ')
}
