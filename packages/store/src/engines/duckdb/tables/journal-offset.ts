import { columnsOf } from './column.ts'
import { table } from './table.ts'

/** How far a journal's consumer has come. */
export interface JournalProgress {
  readonly consumer: string
  /** Number of the first entry that is not yet in the store. */
  readonly next: number
}

const { text, unsigned } = columnsOf<JournalProgress>()

export const journalOffsetTable = table({
  name: 'journal_offset',
  doc: 'One row per consumer of the intake journal: how far it has read.',
  columns: [
    text('consumer', 'Name of the consumer.', ({ consumer }) => consumer),
    unsigned('next_entry', 'First entry that is not stored yet.', ({ next }) => BigInt(next)),
  ],
  key: ['consumer'],
  view: { name: 'v_journal_offset' },
})
