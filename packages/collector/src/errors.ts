import { errorCatalogue } from '@trace2/core'
import { storeErrors } from '@trace2/store/errors'

/** Every error that only a collector has, by code. */
export const { entries: collectorErrors } = errorCatalogue({
  T2_PARAMETERS_SERVED: {
    status: 500,
    remedy:
      'Correct the parameters file that the collector was started with; agents keep their last values meanwhile.',
  },
  T2_HOST_OPEN: {
    status: 400,
    remedy:
      'Listen on 127.0.0.1, or set a token (TRACE2_TOKEN or --token-file), or add --allow-unauthenticated if only machines that you trust can reach this address.',
  },
  T2_COLLECTOR_BUNDLED: {
    status: 500,
    remedy:
      'Leave `lmdb` and `@duckdb/node-bindings` out of the bundle (`external`), and install them where the program runs.',
  },
  T2_CONFIG: {
    status: 400,
    remedy:
      'Correct the setting; https://github.com/trace2/trace2-ts/blob/main/docs/guides/operating-the-collector.md lists all of them.',
  },
  T2_JOURNAL_FULL: {
    status: 503,
    remedy:
      'Wait until the store and the forward targets have caught up, or raise the journal’s quota.',
  },
  T2_JOURNAL_WRITE: {
    status: 503,
    remedy:
      'Check the free space of the disk, and that the collector may write beside the database.',
  },
  T2_READING_SLOW: {
    status: 503,
    remedy:
      'Nothing is to be done: the request is kept in `unstored`, in the journal’s directory, and the others go on. Please report it.',
  },
  T2_BACKUP_DIRECTORY: {
    status: 400,
    remedy:
      'Name a directory that is new, empty or holds an earlier backup, on a disk that has room. An earlier backup in it is whole.',
  },
  T2_BACKUP_INCOMPLETE: {
    status: 400,
    remedy:
      'Name the directory that `trace2 backup` wrote. A backup that was stopped before its end is no backup; run it again.',
  },
  T2_BACKUP_DAMAGED: {
    status: 500,
    remedy:
      'Restore another backup. Where the database is still there, back it up again: files that are damaged are written anew.',
  },
  T2_BACKUP_RESTORE: {
    status: 500,
    remedy: 'Check the free space of the disk and that you may write there, then restore again.',
  },
  T2_RESTORE_EXISTS: {
    status: 409,
    remedy:
      'Name a database that does not exist yet with --db, or add --force: the one that is there is kept under another name.',
  },
  T2_IMPORT_REDACTED: {
    status: 409,
    remedy:
      'Import the export into a database that no collector has open, with --db FILE; or import its traces alone: the files of v_span and v_content.',
  },
  T2_PORT_IN_USE: { status: 409, remedy: 'Choose another port with --port, or 0 for a free one.' },
})

/** Raises errors of the collector and of its store. */
export const { raise } = errorCatalogue({ ...storeErrors, ...collectorErrors })
