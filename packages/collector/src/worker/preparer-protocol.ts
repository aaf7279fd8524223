import type { Prepared, Settled, StoredSoFar } from '@trace2/store/engines'
import type { LogRecord, SpanRecord } from '@trace2/store/otlp'
import type { MemoryShares } from '../memory/shares.ts'
import type { EntryRequest, PreparedEntries } from './entry-preparer.ts'

/** What the thread may take of the memory. */
export type PreparerShares = Pick<MemoryShares, 'rows' | 'transaction' | 'young'>

export interface PreparerStart {
  readonly databasePath: string
  readonly storedSoFar: StoredSoFar
  readonly journalDirectory: string
  readonly shares: PreparerShares
  /** Memory of the mark that says what is being read. */
  readonly reading: SharedArrayBuffer
}

/** To the thread that prepares. */
export type PreparerRequest =
  | ({ readonly kind: 'entries'; readonly call: number } & EntryRequest)
  | {
      readonly kind: 'records'
      readonly call: number
      readonly spans: readonly SpanRecord[]
      readonly logs: readonly LogRecord[]
      readonly receivedNs: bigint
    }
  | { readonly kind: 'settle'; readonly settled: Settled; readonly committed: boolean }
  /** Memory that is kept is to be given back. */
  | { readonly kind: 'rest'; readonly call: number }
  | { readonly kind: 'close' }

/** From it: what a call comes to. */
export type PreparerReply =
  | { readonly call: number; readonly value: Prepared | PreparedEntries | undefined }
  | { readonly call: number; readonly error: Error }
