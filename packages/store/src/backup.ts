/** A backup that a store has begun to write. */
export interface OpenedBackup {
  /** Names it in the calls that follow. */
  readonly id: string
  /** Version of the tables. */
  readonly schema: number
  /** Names of the tables that it holds, in the order in which they are written. */
  readonly tables: readonly string[]
}

/** One file of a backup: some rows of a table, in the order of the table, as Parquet. */
export interface BackupPart {
  /** Name of the table. */
  readonly table: string
  /** Made of the rows: parts of the same name hold the same rows. */
  readonly name: string
  /** Number of its rows. */
  readonly rows: number
  /** Whether whoever asked has it already: it is not written again, and cannot be read. */
  readonly known: boolean
}

/** Parts of a backup that are ready, in the order of the tables and of their rows. */
export interface BackupParts {
  readonly parts: readonly BackupPart[]
  /** Whether these are the last ones. */
  readonly isLast: boolean
}

/** Some bytes of a part. */
export interface BackupBytes {
  /** The bytes, in Base64. */
  readonly bytes: string
  /** Whether the part ends with them. It cannot be read again then. */
  readonly isLast: boolean
}

/** Tells whether a name is one that parts have. It is safe as the name of a file. */
export function isPartName(name: string): boolean {
  return /^[a-z_]{1,40}-[0-9a-f]{32}\.parquet$/.test(name)
}
