import type { ResourceRecord, ScopeRecord } from './records.ts'
import { isUnreadable, SpanRejection } from './rejection.ts'

/** What a record is wrapped in. Where it cannot be read, asking for it says why, and costs the record only. */
export interface Envelope {
  readonly resource: () => ResourceRecord
  readonly scope: () => ScopeRecord
}

/** Reads at once; what cannot be read is thrown at whoever asks for it. */
export function attempted<T>(read: () => T): () => T {
  try {
    const value = read()
    return () => value
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return () => {
      throw new SpanRejection(error.message)
    }
  }
}
