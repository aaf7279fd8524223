import { showValue } from '@trace2/core'
import { isolate } from '@trace2/sandbox'
import { raise } from '../errors.ts'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { type Selection, selected } from './subject.ts'
import { quote } from './wording.ts'

/** Right or wrong: the output matches a regular expression of JavaScript, or does not where it must not. */
export interface PatternDefinition extends Selection {
  readonly kind: 'regex'
  readonly name?: string
  readonly pattern: string
  /** Of `i`, `m`, `s` and `u`. Default: none. */
  readonly flags?: string
  readonly not?: boolean
  /** What is wrong where it fails, for those who do not read patterns. */
  readonly words?: string
}

export const patternSchema = definitionSchema(
  'regex',
  {
    ...selectionSchema,
    pattern: { type: 'string', minLength: 1 },
    flags: { type: 'string', pattern: '^[imsu]*$' },
    not: { type: 'boolean' },
    words: { type: 'string', minLength: 1 },
  },
  ['pattern'],
)

// The pattern runs in an engine that can be stopped: some texts take a backtracking matcher longer than the universe.
const matcher = '(text, pattern, flags) => new RegExp(pattern, flags).test(text)'
const limits = { timeMs: 500 }

export function pattern(definition: PatternDefinition): Guide {
  const { flags = '', not = false } = definition
  const shown = `/${definition.pattern}/${flags}`
  try {
    new RegExp(definition.pattern, flags)
  } catch (error) {
    throw raise('T2_GUIDE_INVALID', `${shown} is no regular expression: ${String(error)}`)
  }
  return {
    name: nameOf(definition),
    definition: { ...definition },
    source: 'code',
    async judge(subject) {
      const value = selected(subject, definition)
      const text = value === undefined ? '' : showValue(value)
      const matches = await isolate(matcher, limits)
      const found = matches(text, definition.pattern, flags) === true
      if (found !== not) {
        return {
          score: 1,
          comment: `It ${found ? 'matches' : 'does not match'} ${shown}, as it should.`,
        }
      }
      const fault = `${quote(value)} must ${not ? 'not match' : 'match'} ${shown}.`
      return { score: 0, comment: definition.words ?? fault }
    },
  }
}
