import type { GuideDefinition } from '@trace2/optimizer'

/**
 * The output, or a member of it, has to equal the reference.
 *
 * @example exactly('category')
 */
export function exactly(member?: string): GuideDefinition {
  return member === undefined
    ? { kind: 'exact' }
    : { kind: 'exact', name: member, at: `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}` }
}

/** The output has to contain these texts. */
export function contains(...text: readonly string[]): GuideDefinition {
  return { kind: 'contains', text: [...text] }
}

/**
 * A model judges by this text.
 *
 * @example rubric('It is polite and says what happens next.')
 */
export function rubric(text: string): GuideDefinition {
  return { kind: 'rubric', rubric: text }
}
