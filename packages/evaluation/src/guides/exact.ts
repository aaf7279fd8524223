import { canonicalJson, type Json } from '@trace2/core'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { expectedOf, type Selection, selected } from './subject.ts'
import { listed, quote } from './wording.ts'

/** Right or wrong: the output equals the reference. */
export interface ExactDefinition extends Selection {
  readonly kind: 'exact'
  readonly name?: string
  /** Default: the reference of the run. */
  readonly expected?: Json
  /** Differences between texts that do not count. */
  readonly ignore?: readonly ('case' | 'space' | 'punctuation')[]
}

export const exactSchema = definitionSchema('exact', {
  ...selectionSchema,
  expected: true,
  ignore: { type: 'array', items: { enum: ['case', 'space', 'punctuation'] } },
})

export function exact(definition: ExactDefinition): Guide {
  const ignore = new Set(definition.ignore)
  const name = nameOf(definition)
  return {
    name,
    definition: { ...definition },
    source: 'code',
    needsReference: definition.expected === undefined,
    judge(subject) {
      const expected = expectedOf(subject, definition.expected, name, definition)
      const differences = differencesOf(expected, selected(subject, definition), ignore)
      return differences.length === 0
        ? { score: 1, comment: `It is ${quote(expected)}, as it should be.` }
        : { score: 0, comment: listed(differences) }
    },
  }
}

/** One sentence for each leaf in which the values differ, shallow ones first in document order. */
function differencesOf(
  expected: Json | undefined,
  given: Json | undefined,
  ignore: ReadonlySet<string>,
  place = '',
): string[] {
  if (same(expected, given, ignore)) return []
  if (isParent(expected) && isParent(given) && Array.isArray(expected) === Array.isArray(given)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(given)])
    return [...keys].flatMap((key) =>
      differencesOf(own(expected, key), own(given, key), ignore, `${place}/${key}`),
    )
  }
  const where = place === '' ? 'It' : quote(place)
  if (expected === undefined) return [`${where} should not be there.`]
  return [`${where} should be ${quote(expected)} and is ${quote(given)}.`]
}

function same(
  expected: Json | undefined,
  given: Json | undefined,
  ignore: ReadonlySet<string>,
): boolean {
  if (expected === undefined || given === undefined) return expected === given
  if (typeof expected === 'string' && typeof given === 'string') {
    return reduced(expected, ignore) === reduced(given, ignore)
  }
  return !isParent(expected) && canonicalJson(expected) === canonicalJson(given)
}

function reduced(text: string, ignore: ReadonlySet<string>): string {
  let left = text.normalize('NFC')
  if (ignore.has('punctuation')) left = left.replace(/\p{P}/gu, '')
  if (ignore.has('space')) left = left.replace(/\s+/g, ' ').trim()
  return ignore.has('case') ? left.toLowerCase() : left
}

function isParent(
  value: Json | undefined,
): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null
}

function own(parent: object, key: string): Json | undefined {
  return Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined
}
