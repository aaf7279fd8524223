import type { JournalProgress } from '../../engine.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

const { text, textOrNull, unsigned, unsignedOrNull } = columnsOf<JournalProgress>()

export const journalOffsetTable = table({
  name: 'journal_offset',
  doc: 'One row per consumer of the intake journal: how far it has read.',
  columns: [
    text('consumer', 'Name of the consumer.', ({ consumer }) => consumer),
    unsigned('next_entry', 'First entry that is not stored yet.', ({ next }) => BigInt(next)),
    unsignedOrNull(
      'spans',
      'Spans in the entries before it, those that were sent again included.',
      ({ spans }) => spans,
      { since: 8 },
    ),
    textOrNull(
      'epoch',
      'Start of the journal, as an id, since which its latest stored entry came in.',
      ({ epoch }) => epoch,
      { since: 8 },
    ),
  ],
  key: ['consumer'],
  view: { name: 'v_journal_offset' },
})
