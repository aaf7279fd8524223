import { readFeedbackDeclaration } from '@trace2/core'
import { contentSettings } from '../content/settings.ts'
import type { FeedbackContent, GivenFeedback } from './attributes.ts'
import type { SoundFeedback } from './sound-feedback.ts'

/** What is taken of feedback as a program gives it, and what is not, in words; `undefined` where nothing is left. */
export interface ReadFeedback {
  readonly content: SoundFeedback | undefined
  readonly refused: readonly string[]
}

/** What feedback is called that has no name of its own. */
const defaultName = 'feedback'

/** Longest name and identifier, in characters. */
const longestName = 200

/**
 * Reads feedback that may be anything, for programs in JavaScript pass on what a form or a judge gave them. A boolean
 * score is 1 or 0, a big integer or a text that is a number is that number. A score that is not finite says nothing; nor do
 * blank words. The rest of a piece is taken all the same.
 */
export function readFeedbackContent(given: GivenFeedback): ReadFeedback {
  const unknown = membersOf(given)
  const refused: string[] = []
  const name = nameOf(unknown)?.trim()
  const score = toScore(unknown.score)
  if (score === undefined && !isAbsent(unknown.score)) {
    refused.push(`its score is no finite number (${kindOf(unknown.score)})`)
  }
  const { maxValueLength } = contentSettings('')
  const text = (member: 'label' | 'comment'): string | undefined => {
    const value = unknown[member]
    if (isAbsent(value)) return undefined
    if (typeof value !== 'string') refused.push(`its ${member} is no text (${kindOf(value)})`)
    const words = wordsOf(value)
    if (words === undefined || words.length <= maxValueLength) return words
    refused.push(`its ${member} is cut to ${maxValueLength} of ${words.length} characters`)
    return words.slice(0, maxValueLength).toWellFormed()
  }
  const label = text('label')
  const comment = text('comment')
  const { declaration, faults } = readFeedbackDeclaration(unknown)
  refused.push(...faults)
  if (!name || (score === undefined && label === undefined && comment === undefined)) {
    return { content: undefined, refused }
  }
  const identifier = wordsOf(unknown.identifier)?.slice(0, longestName)
  const content = {
    name,
    ...(score === undefined ? {} : { score }),
    ...(label === undefined ? {} : { label }),
    ...(comment === undefined ? {} : { comment }),
    source: toSource(unknown.source),
    ...(identifier === undefined ? {} : { identifier }),
    declaration,
  }
  return { content, refused }
}

/** Why a piece of feedback was not recorded, or sent. */
export function emptyText(
  given: GivenFeedback,
  refused: readonly string[],
  what: 'recorded' | 'sent',
): string {
  const name = nameOf(membersOf(given))
  if (name === undefined) return `Feedback whose name is blank or no text was not ${what}.`
  const why = refused.length === 0 ? '' : `: ${refused.join('; ')}`
  return `The feedback ${JSON.stringify(name)} has no score, label or comment that says something, and was not ${what}${why}.`
}

function membersOf(given: GivenFeedback): { readonly [member in keyof FeedbackContent]?: unknown } {
  if (typeof given === 'string') return { comment: given }
  return typeof given === 'number' ? { score: given } : Object(given)
}

function nameOf({ name }: { readonly name?: unknown }): string | undefined {
  return isAbsent(name) ? defaultName : wordsOf(name)?.slice(0, longestName)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function wordsOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function toScore(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0
  const isNumeric =
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'string' && value.trim() !== '')
  const number = isNumeric ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

function toSource(value: unknown): SoundFeedback['source'] {
  return value === 'human' || value === 'model' ? value : 'code'
}

/** What a value is, in a word; its content may be private. */
function kindOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`
}
