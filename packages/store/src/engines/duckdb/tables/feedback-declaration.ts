import type { FeedbackDeclaration } from '@trace2/core'
import type { DeclaredIn } from '../../../feedback-name.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

/** What a program or a file says that a name of feedback means. */
export interface DeclaredFeedback {
  readonly name: string
  readonly origin: DeclaredIn
  readonly declaration: FeedbackDeclaration
  readonly declaredNs: bigint
}

const { text, textOrNull, jsonOrNull, doubleOrNull, unsigned } = columnsOf<DeclaredFeedback>()

export const feedbackDeclarationTable = table({
  name: 'feedback_declaration',
  doc: 'One row per name of feedback and origin: what was declared of it last. A file outranks a program.',
  columns: [
    text('name', 'Name of the feedback.', ({ name }) => name),
    text('origin', 'Where it was declared: `program` or `file`.', ({ origin }) => origin),
    jsonOrNull(
      'scale',
      'Two numbers, or categories from the worst to the best.',
      ({ declaration: { scale } }) => (scale ? JSON.stringify(scale) : null),
    ),
    textOrNull(
      'direction',
      'What is better: `higher` or `lower`.',
      ({ declaration }) => declaration.direction ?? null,
    ),
    doubleOrNull(
      'weight',
      'Weight among the names.',
      ({ declaration }) => declaration.weight ?? null,
    ),
    unsigned(
      'declared_ns',
      'When it was declared, in nanoseconds since 1970.',
      ({ declaredNs }) => declaredNs,
    ),
  ],
  key: ['name', 'origin'],
})
