import type { Trace2Error } from '@trace2/core'
import type { ApiMethod } from '@trace2/store'
import type { Incident } from '../incidents/incidents.ts'
import type { MemoryShares } from '../memory/shares.ts'
import type { ConsumerCounts } from './journal-consumer.ts'

/** What the worker is started with. */
export interface WorkerStart {
  readonly databasePath: string
  readonly journalDirectory: string
  /** What each part may take of the memory. */
  readonly shares: MemoryShares
  /** How long a query that a person wrote may take, in milliseconds. */
  readonly queryMs: number | undefined
  /** Processor time that one request may take to be read. */
  readonly readingLimitMs: number
  /** A collector has used the database before. */
  readonly ours: boolean
  /** The journal was made of a damaged one just now. */
  readonly isNewJournal: boolean
  /** The database's file was found damaged where it has to be written: it is set aside, and a new one begun. */
  readonly damaged: boolean
}

export type CallMethod = ApiMethod | 'writeSpans' | 'writeLogs' | 'graphs' | 'checkpoint' | 'close'

/** To the worker. */
export type Request =
  | { readonly kind: 'wake' }
  /** Nobody waits for the answer of this call any more. */
  | { readonly kind: 'abort'; readonly id: number }
  | {
      readonly kind: 'call'
      readonly id: number
      readonly method: CallMethod
      readonly args: readonly unknown[]
      /** The call sees everything that was acknowledged below this number of the journal. */
      readonly after: number
    }

/** From the worker. */
export type Reply =
  | { readonly kind: 'ready' }
  /** What the thread says through `diag`, which each thread has its own of. */
  | { readonly kind: 'log'; readonly level: DiagLevel; readonly message: string }
  /** There is little to do: memory that is kept is to be given back. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'incident'; readonly incident: Incident }
  | { readonly kind: 'failed'; readonly error: SentError }
  /** The thread ends because the database has to be opened anew; `damaged` says that its file is the reason. */
  | { readonly kind: 'ended'; readonly reason: string; readonly damaged: boolean }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: SentError }
  | {
      readonly kind: 'progress'
      readonly next: number
      /** Entries below this are in the database file itself and need not be kept. */
      readonly checkpointed: number
      /** Spans in the entries below that. */
      readonly checkpointedSpans: number
      readonly counts: ConsumerCounts
      /** Why the store could not be written the last few times; `undefined` when it can. */
      readonly failing: string | undefined
    }

export type DiagLevel = 'error' | 'warn' | 'info'

/** An error as it crosses threads. */
export type SentError = Pick<Trace2Error, 'code' | 'message' | 'remedy' | 'status'>
