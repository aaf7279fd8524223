import type { FeedbackRow } from '../../../reading/index.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'
import { timestamp } from './view-text.ts'

/** A piece of feedback as it is stored. */
export type StoredFeedback = FeedbackRow & { readonly id: string; readonly createdNs: bigint }

const { text, textOrNull, doubleOrNull, unsigned } = columnsOf<StoredFeedback>()

export const feedbackTable = table({
  name: 'feedback',
  doc: 'One row per piece of feedback. A later one with the same target, name and identifier replaces it.',
  columns: [
    text('id', 'Its id: a replacement keeps it.', ({ id }) => id),
    text('trace_id', 'Trace that it is about.', ({ traceId }) => traceId),
    text(
      'span_id',
      'Span that it is about; empty where it is about the whole run.',
      ({ spanId }) => spanId ?? '',
      {
        shown: [
          {
            name: 'span_id',
            type: 'VARCHAR',
            sql: "nullif(feedback.span_id, '')",
            doc: 'Span that it is about; NULL where it is about the whole run.',
          },
        ],
      },
    ),
    text('name', 'What is judged.', ({ name }) => name.toWellFormed()),
    doubleOrNull('score', 'Score, on the scale of its name.', ({ score }) => score),
    textOrNull('label', 'Category, instead of a score.', ({ label }) => wellFormed(label)),
    textOrNull('comment', 'Words of who or what judged.', ({ comment }) => wellFormed(comment)),
    text('source', 'Who or what judged: `human`, `model` or `code`.', ({ source }) => source),
    text('identifier', 'Tells several pieces of one name apart.', ({ identifier }) =>
      identifier.toWellFormed(),
    ),
    unsigned(
      'created_ns',
      'When it was given, in nanoseconds since 1970.',
      ({ createdNs }) => createdNs,
      {
        shown: [
          {
            name: 'created_at',
            type: 'TIMESTAMP_NS',
            sql: timestamp('feedback.created_ns'),
            doc: 'When it was given, in UTC.',
          },
        ],
      },
    ),
  ],
  key: ['trace_id', 'span_id', 'name', 'identifier'],
  view: {
    name: 'v_feedback',
    from: `feedback
LEFT JOIN feedback_name n USING (name)
LEFT JOIN trial_trace tried USING (trace_id)`,
    joined: [
      {
        name: 'normalized',
        type: 'DOUBLE',
        sql: 'normalized_score(feedback.score, feedback.label, n.low, n.high, n.categories, n.direction)',
        doc: 'Place on the scale, from 0 (worst) to 1 (best).',
      },
      {
        name: 'experiment',
        type: 'VARCHAR',
        sql: 'tried.experiment',
        doc: 'Experiment of the run, where it was one of a trial.',
      },
    ],
  },
})

function wellFormed(words: string | null): string | null {
  return words === null ? null : words.toWellFormed()
}
