import {
  eachField,
  embedded,
  int64,
  LENGTH_DELIMITED,
  member,
  readerOf,
  textOf,
} from '@trace2/store/otlp'

/** What a target said of a request that it took in part, or with a warning. */
export interface PartialSuccess {
  /** Spans or log records that it did not take; 0 with a mere warning. */
  readonly rejected: number
  readonly message: string
}

/** Reads a target's answer; `undefined` where everything was taken, or nothing can be read. */
export function partialSuccess(answer: Uint8Array, mediaType: string): PartialSuccess | undefined {
  try {
    const partial = /json/i.test(mediaType) ? fromJson(answer) : fromProtobuf(answer)
    return partial.rejected > 0 || partial.message !== '' ? partial : undefined
  } catch {
    return undefined
  }
}

function fromJson(answer: Uint8Array): PartialSuccess {
  const partial = member(JSON.parse(Buffer.from(answer).toString('utf8')), 'partialSuccess')
  const rejected = member(partial, 'rejectedSpans') ?? member(partial, 'rejectedLogRecords')
  return { rejected: countOf(rejected), message: textOf(member(partial, 'errorMessage')) }
}

function fromProtobuf(answer: Uint8Array): PartialSuccess {
  const reader = readerOf(answer)
  const partial = { rejected: 0, message: '' }
  const readPartial = () =>
    eachField(reader, (field, wire) => {
      if (field === 1 && wire === 0) partial.rejected = countOf(Number(int64(reader)))
      else if (field === 2 && wire === LENGTH_DELIMITED) partial.message = reader.string()
      else return false
      return true
    })
  eachField(reader, (field, wire) => {
    if (field !== 1 || wire !== LENGTH_DELIMITED) return false
    embedded(reader, readPartial)
    return true
  })
  return partial
}

function countOf(value: unknown): number {
  const count = Number(value ?? 0)
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}
