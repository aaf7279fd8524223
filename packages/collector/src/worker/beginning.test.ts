import { describe, expect, it } from 'vitest'
import { beginningOf, consumerOf, type JournalPlace } from './beginning.ts'

const consumer = consumerOf('j')
const begin = (
  place: Partial<JournalPlace> & { readonly epochs?: Readonly<Record<string, number>> },
  stored: readonly { consumer: string; next: number; spans: number; epoch: string | null }[],
  isNew = false,
) => {
  const { epochs = {}, ...given } = place
  const journal = { next: 1, trimmed: { below: 1, spans: 0 }, ...given }
  return beginningOf({ ...journal, endOfEpoch: (epoch) => epochs[epoch] }, stored, {
    consumer,
    isNew,
  })
}
const own = (next: number, spans: number, epoch: string | null = 'a') => ({
  ...{ consumer, next, spans, epoch },
})
const other = { consumer: 'store:other', next: 50, spans: 500, epoch: 'z' }

describe('a database goes on with its journal', () => {
  it('where it was, whether the epoch has ended or not', () => {
    const place = { next: 30, trimmed: { below: 10, spans: 90 } }
    for (const end of [20, 30]) {
      const found = begin({ ...place, epochs: { a: end } }, [other, own(20, 190)])
      expect(found).toEqual({ next: 20, spans: 190, incident: undefined })
    }
  })

  it('from the beginning, where both are new, or the journal was made of a damaged one', () => {
    const start = { next: 1, spans: 0, incident: undefined }
    expect(begin({ next: 4 }, [])).toEqual(start)
    expect(begin({ next: 4 }, [other], true)).toEqual(start)
  })

  it('by numbers alone, where earlier versions have written no epoch', () => {
    const place = { next: 30, trimmed: { below: 10, spans: 0 } }
    expect(begin(place, [own(20, 0, null)])).toMatchObject({ next: 20, incident: undefined })
    const ahead = begin(place, [own(40, 0, null)])
    expect(ahead).toMatchObject({ next: 10, incident: { kind: 'journal-differs' } })
  })
})

describe('what is missing is counted', () => {
  it('of an older copy of the database', () => {
    const place = { next: 30, trimmed: { below: 25, spans: 240 }, epochs: { a: 30 } }
    expect(begin(place, [own(20, 190)])).toEqual({
      next: 25,
      spans: 240,
      incident: {
        kind: 'entries-missing',
        message: expect.stringContaining('lacks 5 requests with 50 spans'),
        missingRequests: 5,
        missingSpans: 50,
      },
    })
  })

  it.each([
    ['another database', [other], 'filled from another journal'],
    ['a new database', [], 'it is a new one'],
    ['a copy that has gone another way', [own(20, 190, 'b')], 'gone another way'],
  ])('of %s', (_, stored, words) => {
    const place = { next: 30, trimmed: { below: 25, spans: 240 }, epochs: { a: 30 } }
    expect(begin(place, stored)).toMatchObject({
      next: 25,
      incident: {
        message: expect.stringContaining(words),
        missingRequests: 24,
        missingSpans: 240,
      },
    })
  })
})

describe('a journal that does not belong to the database is stored from where they part', () => {
  it('where it is an older copy: its new entries have numbers that the database has seen', () => {
    const place = { next: 25, trimmed: { below: 5, spans: 40 }, epochs: { a: 20, b: 25 } }
    const found = begin(place, [own(60, 590)])
    expect(found).toMatchObject({ next: 20, incident: { kind: 'journal-differs' } })
  })

  it('where it has come further than the database on its own way', () => {
    const place = { next: 90, epochs: { a: 20, b: 90 } }
    expect(begin(place, [own(60, 590)])).toMatchObject({ next: 20 })
  })

  it('where it is another one', () => {
    const found = begin({ next: 8 }, [other])
    expect(found).toMatchObject({ next: 1, incident: { kind: 'journal-differs' } })
    expect(found.incident?.message).toContain('7 requests')
  })
})
