import { counted } from '@trace2/core'
import type { JournalProgress } from '@trace2/store/engines'
import type { Incident } from '../incidents/incidents.ts'
import type { SpansBelow } from '../journal/journal.ts'

/** What has to be known of a journal to find out where a database is to go on with it. */
export interface JournalPlace {
  /** Number that its next entry will have. */
  readonly next: number
  /** What it has handed on and forgotten. */
  readonly trimmed: SpansBelow
  /** Number after the last entry of an epoch; `undefined` where the journal had no such epoch. */
  endOfEpoch(epoch: string): number | undefined
}

/** Where a database goes on with a journal. */
export interface Beginning {
  /** Number of the first entry that is to be stored. */
  readonly next: number
  /** Spans in the entries before it. */
  readonly spans: number
  /** What does not fit together; `undefined` where everything does. */
  readonly incident: Incident | undefined
}

/** Name that the store has as a consumer of a journal: numbers of another journal say nothing about this one. */
export function consumerOf(journalId: string): string {
  return `store:${journalId}`
}

/**
 * Finds out where a database goes on with a journal. It is asked which of the journal's entries it has for certain; everything
 * that the journal holds beyond is stored, and spans that are there already are recognized. What the journal has forgotten
 * beyond is missing.
 *
 * @param stored how far the database has come with this and other journals.
 * @param isNew the journal was made of a damaged one just now, which is told of elsewhere.
 */
export function beginningOf(
  journal: JournalPlace,
  stored: readonly JournalProgress[],
  { consumer, isNew }: { readonly consumer: string; readonly isNew: boolean },
): Beginning {
  const own = stored.find((one) => one.consumer === consumer)
  const known = certain(journal, own)
  const { trimmed } = journal
  if (known.next >= trimmed.below) {
    const differs = own ? own.next > known.next : stored.length > 0 && !isNew
    return { ...known, incident: differs ? differing(journal, known, own) : undefined }
  }
  const missingRequests = trimmed.below - known.next
  const missingSpans = Math.max(trimmed.spans - known.spans, 0)
  const message =
    `The database lacks ${counted(missingRequests, 'request')} with ${counted(missingSpans, 'span')} that the ` +
    `journal has handed on and forgotten: ${whyMissing(own, stored)} What the journal still holds is stored ` +
    `(${counted(journal.next - trimmed.below, 'request')}). Spans that are in another file of the database are copied ` +
    'with `trace2 doctor --db THAT --salvage THIS`.'
  const incident = { kind: 'entries-missing', message, missingRequests, missingSpans } as const
  return { next: trimmed.below, spans: trimmed.spans, incident }
}

/** Entries that the database has for certain: those below a number, with so many spans. */
function certain(
  journal: JournalPlace,
  own: JournalProgress | undefined,
): { readonly next: number; readonly spans: number } {
  if (!own) return { next: 1, spans: 0 }
  const { next, spans, epoch } = own
  // Without an epoch, only numbers tell: the journal has to have given them.
  const end = epoch === null ? (next > journal.next ? undefined : next) : journal.endOfEpoch(epoch)
  if (end === undefined) return epoch === null ? journalStart(journal) : { next: 1, spans: 0 }
  return end >= next
    ? { next, spans }
    : { next: end, spans: Math.min(spans, journal.trimmed.spans) }
}

function journalStart({ trimmed }: JournalPlace): {
  readonly next: number
  readonly spans: number
} {
  return { next: trimmed.below, spans: trimmed.spans }
}

function whyMissing(own: JournalProgress | undefined, stored: readonly JournalProgress[]): string {
  if (own) return 'it is an older copy, or one that has gone another way.'
  return stored.length > 0 ? 'it was filled from another journal.' : 'it is a new one.'
}

function differing(
  journal: JournalPlace,
  known: { readonly next: number },
  own: JournalProgress | undefined,
): Incident {
  const held = counted(journal.next - known.next, 'request')
  const message = own
    ? `The database has come further than this journal (${own.next - 1} against ${journal.next - 1} requests): the journal ` +
      `is an older copy, or has gone another way. All that it holds beyond what they have in common is stored (${held}). ` +
      'Requests that only the newer journal held, and that were not stored, are lost.'
    : `The database was filled from another journal, which is not here. All that this journal holds is stored (${held}). ` +
      'Requests that only the other journal held, and that were not stored, are lost.'
  return { kind: 'journal-differs', message, missingRequests: 0, missingSpans: 0 }
}
