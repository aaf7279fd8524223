import type { Trace2Error } from '@trace2/core'
import type { Finding } from '../finding.ts'
import type { LogRecord, SpanRecord } from '../otlp/index.ts'
import type { ExportedRecord, Store, WriteResult } from '../store.ts'
import type { AdminMethod, GraphMethod, QueryMethod, RecordMethod } from './methods.ts'

/**
 * An engine: what keeps runs, DuckDB for example. A store and a collector use every engine through this interface and
 * {@link Engine}, and nothing outside an engine's own folder imports the engine itself.
 */
export interface EngineProvider {
  readonly name: string

  /**
   * Opens a database, or makes one. The caller makes sure that no other process has it open.
   *
   * @throws {Trace2Error} `T2_STORE_LOCKED`, `T2_STORE_NEWER`, `T2_STORE_DAMAGED`, `T2_STORE_OPEN`.
   */
  open(location: string, options?: EngineOptions): Promise<Engine>
  /**
   * Takes the lock of a database before anything that belongs to it is touched. It ends with its process at the latest, and
   * nothing but a process that is there holds it.
   *
   * @param file that stands for the lock, in a directory that is made where there is none.
   * @throws {Trace2Error} `T2_STORE_LOCKED` where another process holds it; `T2_STORE_OPEN` where the file cannot be made.
   */
  lock(location: string, file: string): Promise<DatabaseLock>
  /**
   * Opens a database whose writes a journal can replay. A damaged file is set aside under another name and a new
   * database is begun, but for a file that is no database of ours.
   *
   * @throws {Trace2Error} as {@link open} does.
   */
  recover(location: string, known: KnownDatabase): Promise<Engine>

  /**
   * Prepares what an open engine writes, in whatever thread. Several preparers of one engine would not know of one
   * another's spans: an engine has one at a time ({@link Ingest.prepareWith}).
   */
  preparer(storedSoFar: StoredSoFar, options?: PreparerOptions): BatchPreparer

  /** What a failure of this engine means. */
  failure(error: unknown): Failure

  /** Checks a database that no process has open, and changes nothing. A damaged database is a finding, not an error. */
  check(path: string): Promise<Finding[]>
  /**
   * Copies what can be read of a damaged database into another one, where only what is missing is added. No process may
   * have either open.
   *
   * @returns each table with how much of it could be read.
   * @throws {Trace2Error} `T2_STORE_DAMAGED` where the file cannot be opened at all.
   */
  salvage(damaged: string, into: string): Promise<TableReading[]>
  /** Opens a directory that {@link Store.exportParquet} wrote. Reading it throws `T2_IMPORT` where it cannot be read. */
  readExport(directory: string): Promise<Export>
  /**
   * Makes a database of the files of a backup. What is at the place is removed first.
   *
   * @param schema version of the tables that the backup has; an older one is brought up to date.
   * @throws {Trace2Error} `T2_STORE_NEWER` where the backup is of a newer version.
   */
  restore(schema: number, tables: readonly SavedTable[], target: string): Promise<void>
}

/** A directory that an export wrote, open to be read. */
export interface Export {
  /** Its spans as they were received, some at a time. */
  spans(): AsyncIterable<readonly SpanRecord[]>
  /** Whether it is of a version that wrote records, however many there were. */
  readonly hasRecords: boolean
  /** Its records, some of one table at a time. An export of a version that wrote none has none. */
  records(): AsyncIterable<ExportedRecords>
  close(): Promise<void>
}

/** Rows of one table of an export. */
export interface ExportedRecords {
  readonly table: string
  readonly rows: readonly ExportedRecord[]
}

/** A table of a backup. */
export interface SavedTable {
  /** Name of the table. */
  readonly table: string
  /** Paths of its files, in the order of its rows. */
  readonly files: readonly string[]
}

/** The lock of a database that this process holds. */
export interface DatabaseLock {
  release(): Promise<void>
}

/** One open database. */
export interface Engine {
  /** A file path or `:memory:`. */
  readonly location: string
  /** Takes in spans, logs and records. */
  readonly ingest: Ingest
  /** Reads what is stored. */
  readonly query: Query
  /** Reads runs as graphs. */
  readonly graph: Graphs
  /** Looks after the database. */
  readonly admin: Admin
  /** {@link EngineProvider.failure} */
  failure(error: unknown): Failure
}

/** Options of an engine. */
export interface EngineOptions {
  /** Most memory that the engine takes for its buffers, in bytes. Default: that of the engine. */
  readonly memoryBytes?: number | undefined
  /** What the process may grow by while a query that a person wrote runs, in bytes. Default: half a gigabyte more than that. */
  readonly queryGrowthBytes?: number | undefined
  /** How long a query that a person wrote may wait and run, in milliseconds. Default: two minutes. */
  readonly queryMs?: number | undefined
}

/** Options of a preparer. */
export interface PreparerOptions {
  /** Memory for rows that is kept from one transaction to the next, in bytes. Default: that of the engine. */
  readonly keptBytes?: number | undefined
}

/** What is known of a database before it is opened. */
export interface KnownDatabase extends EngineOptions {
  /** A collector has used the file before. */
  readonly ours: boolean
  /** The file opens, but cannot be written because of its damage. */
  readonly damaged: boolean
  /** Is told what was set aside and where, in a sentence or two. */
  readonly onSetAside?: ((message: string) => void) | undefined
}

/**
 * Takes in spans and logs, each span once, and the records that commands write: feedback, versions, proposals,
 * evaluations. Spans are laid out by a {@link Preparer}, which may run in another thread, and committed here.
 */
export interface Ingest extends Pick<Store, RecordMethod> {
  /** What a preparer has to know of the database. It can be sent to another thread. */
  readonly storedSoFar: StoredSoFar
  /** From the first write on, this preparer prepares everything. Default: one of the engine's own. */
  prepareWith(preparer: Preparer): void
  /** Writes spans and logs in one transaction. */
  write(
    spans: readonly SpanRecord[],
    logs?: readonly LogRecord[],
    receivedNs?: bigint,
  ): Promise<WriteResult>
  /**
   * Runs a task that prepares and commits transactions; tasks run one at a time. After a transaction that cannot be
   * committed, the task discards those that were prepared after it.
   */
  inTurn<T>(task: (turn: Turn) => Promise<T>): Promise<T>
  /**
   * Writes everything that was prepared, or nothing. The preparer is told of the outcome in either case.
   *
   * @param progress how far a journal's consumer has come with it. It is stored in the same transaction, so that a crash
   *   neither loses nor repeats an entry.
   */
  commit(prepared: Prepared, progress?: JournalProgress): Promise<WriteResult>
  /** Gives up what was prepared and will not be committed. */
  discard(prepared: Prepared): void
  /** How far the consumers of journals have come with what is stored: those of earlier journals as well. */
  journalProgress(): Promise<readonly JournalProgress[]>
  /**
   * Refuses to go on before the disk is so full that the database could not even be made smaller.
   *
   * @throws {Trace2Error} `T2_STORE_WRITE`
   */
  requireRoom(): Promise<void>
}

/** Reads runs, feedback, parameters and records, and answers SQL. */
export interface Query extends Pick<Store, QueryMethod> {}

/** Reads runs as computation graphs. */
export interface Graphs extends Pick<Store, GraphMethod> {}

/** Looks after the database. */
export interface Admin extends Pick<Store, AdminMethod> {
  /** Failures of the latest transactions. */
  readonly failures: WriteFailures
  /** Tells a watcher of what happens from now on. There is one watcher at a time. */
  watch(watcher: EngineWatcher): void
  /** Moves what is committed from the log into the database file, so that a damaged log costs nothing. */
  checkpoint(): Promise<void>
  /** Gives back memory that is kept for what may come. Nothing is done while somebody reads. */
  rest(): Promise<void>
  /** Resolves when nothing is under way. A thread must not end before. */
  idle(): Promise<void>
  /** @param withinMs leaves out the last checkpoint where it would take longer; the next start then reads the log. */
  close(withinMs?: number): Promise<void>
}

/** Is told what happens to a database. */
export interface EngineWatcher {
  /** What was committed before is in the database file itself. */
  onCheckpoint(): void
  /** The engine has given the database up: nothing works until it is opened again. */
  onInvalid(error: unknown): void
}

/** How often writing has failed of late. */
export interface WriteFailures {
  /** Transactions that failed since the last commit, for reasons that are not their caller's. */
  readonly inARow: number
  /** The error of the latest failure. */
  readonly latest: unknown
}

/**
 * Whose fault a failure is.
 * - `refused`: the caller's; the error has a code of its own.
 * - `damage`: bytes of the file or its log are not what was written.
 * - `disk`: the file system takes no more.
 * - `memory`: there was not enough memory.
 * - `invalid`: the engine has given the database up in this process.
 * - `defect`: none of these; a defect of Trace2.
 */
export type FailureKind = 'refused' | 'damage' | 'disk' | 'memory' | 'invalid' | 'defect'

/** An error of an engine, explained. */
export interface Failure {
  /** Whose fault the failure is. */
  readonly kind: FailureKind
  /** The error with a code and a remedy. */
  readonly error: Trace2Error
}

/** An engine's own description of what is stored; plain data. */
export type StoredSoFar = object

/**
 * What one transaction is to write, as the engine lays it out; plain data that can be sent to another thread. Only the
 * engine looks inside, and it is given only what its own preparers made: that is why an engine may declare its own,
 * narrower type in its methods.
 */
export interface Prepared {
  /** Number of the transaction. */
  readonly id: number
}

/** What goes back to the preparer when a transaction is over; plain data. */
export interface Settled {
  /** Number of the transaction. */
  readonly id: number
}

/** Finds out which spans are new and lays them out, without asking the database. */
export interface Preparer {
  /** Prepares a transaction that writes these spans and logs. */
  records(
    spans: readonly SpanRecord[],
    logs: readonly LogRecord[],
    receivedNs: bigint,
  ): Promise<Prepared>
  /** Called when a transaction is over. What is prepared later counts on it. */
  settle(settled: Settled, committed: boolean): void
}

/** A preparer that is given spans one by one, as they are decoded. */
export interface BatchPreparer extends Preparer {
  /** Begins to prepare a transaction. */
  begin(): Preparation
  /** Gives up memory that is kept for the next transactions: there may be none for a while. */
  rest(): void
}

/** A transaction that is being prepared. It is ended or discarded before the next one begins. */
export interface Preparation {
  /** The span is not kept beyond the call where it is certainly new. */
  addSpan(record: SpanRecord, receivedNs: bigint): void
  /** Adds log records to the transaction. */
  addLogs(logs: readonly LogRecord[]): void
  /** Ends the preparation. The transaction can then be committed. */
  end(): Prepared
  /** Gives up the preparation. Nothing of it is written. */
  discard(): void
}

/** How far a consumer of a journal has come. */
export interface JournalProgress {
  /** Name of the consumer. */
  readonly consumer: string
  /** Number of the first entry that is not yet in the store. */
  readonly next: number
  /** Spans in the entries before it, those that were sent again included. */
  readonly spans: number
  /** The journal's id for the time in which the entry before `next` came in; `null` where it has none. */
  readonly epoch: string | null
}

/** The right to prepare and commit. */
export interface Turn {
  /** Whether another task waits for this one to end. */
  readonly contended: boolean
}

/** How much of a table could be read. */
export interface TableReading {
  /** Name of the table. */
  readonly table: string
  /** Number of rows that could be read. */
  readonly rows: number
  /** Number of rows whose names (ids, keys, texts) cannot be read. */
  readonly lost: number
  /** Number of rows of which some other columns cannot be read. */
  readonly incomplete: number
}
