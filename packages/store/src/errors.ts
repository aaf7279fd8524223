import { errorCatalogue } from '@trace2/core'

/** Every error of a store, by code: those of a database, and those that a collector answers with in its place. */
export const { entries: storeErrors, raise } = errorCatalogue({
  T2_OTLP_INVALID: {
    status: 400,
    remedy:
      'Send an OTLP ExportTraceServiceRequest, in the encoding that the content type announces.',
  },
  T2_OTLP_WRONG_SIGNAL: {
    status: 400,
    remedy: 'Send traces to /v1/traces and logs to /v1/logs; check the exporter’s endpoint.',
  },
  T2_OTLP_TOO_MANY: {
    status: 413,
    remedy: 'Send fewer spans, events and attributes in one request; exporters send 512 spans.',
  },
  T2_SPAN_UNREAD: {
    status: 500,
    remedy:
      'This is a defect of Trace2: please report it with the span. Nothing is lost: its attributes are in v_span, under the dialect `unread`.',
  },
  T2_IMPORT: {
    status: 400,
    remedy:
      'Import files of OTLP JSON lines (the OpenTelemetry Collector’s file exporter) or OTLP protobuf, a directory of such files, or one that `trace2 export` wrote.',
  },
  T2_RUN_UNKNOWN: { status: 404, remedy: 'List the runs with `trace2 runs`.' },
  T2_RUN_AMBIGUOUS: { status: 409, remedy: 'Give more digits of the run’s id.' },
  T2_FEEDBACK_DECLARATION: {
    status: 400,
    remedy:
      'Declare each name as `{"scale": [1, 5], "direction": "higher", "weight": 1}`; a scale is two numbers or categories from the worst to the best, and what is left out is learned.',
  },
  T2_FEEDBACK_INVALID: {
    status: 400,
    remedy: 'Give a name, an existing target and at least one of score, label and comment.',
  },
  T2_PARAMETER_UNKNOWN: { status: 404, remedy: 'List the parameters with `trace2 parameters`.' },
  T2_PROPOSAL_UNKNOWN: { status: 404, remedy: 'List the proposals with `trace2 proposals`.' },
  T2_PROPOSAL_CLOSED: {
    status: 409,
    remedy:
      'A proposal is decided once. `trace2 proposals` lists what is open, `trace2 optimize` makes new ones.',
  },
  T2_DECISION_CONFLICT: {
    status: 409,
    remedy: 'Give the command again: it looks at what is in force now.',
  },
  T2_DECISION_UNFINISHED: {
    status: 409,
    remedy:
      'The next `trace2 accept`, `reject` or `rollback` on the machine that has the file finishes it; on another machine, one that names the same path with --parameters.',
  },
  T2_DECISION_UNKNOWN: { status: 404, remedy: 'End a decision that was begun in this store.' },
  T2_DATASET_NAME: {
    status: 400,
    remedy: 'Name it with letters, digits and `. _ - /` only.',
  },
  T2_DATASET_CASE: {
    status: 400,
    remedy:
      'Give each case an id of its own, its inputs by role, a group, and one of the splits train, validation and holdout.',
  },
  T2_DATASET_UNKNOWN: { status: 404, remedy: 'List the datasets with `trace2 datasets`.' },
  T2_EXPERIMENT_UNKNOWN: {
    status: 404,
    remedy:
      'List the experiments with `trace2 sql "SELECT id, status, dataset FROM v_experiment"`.',
  },
  T2_TRIAL_INVALID: {
    status: 400,
    remedy: 'Give each trial an id, its experiment, key, outcome, trace id, start and repeat.',
  },
  T2_LOOK_CONFLICT: {
    status: 409,
    remedy:
      'Another decision has read the dataset meanwhile. Ask for the verdict again: it counts that look as well.',
  },
  T2_LOOK_UNKNOWN: {
    status: 404,
    remedy: 'List the looks with `trace2 sql "SELECT * FROM v_look"`.',
  },
  T2_RETENTION_SHARE: {
    status: 409,
    remedy:
      'Check the clock of the machine. If what is due is to go, run `trace2 retain --max-age DURATION --force` once; a collector allows more at once with `retention.maxShare` in its configuration.',
  },
  T2_SQL: {
    status: 400,
    remedy:
      'Correct the query; https://github.com/trace2/trace2-ts/blob/main/docs/collector.md lists the views.',
  },
  T2_SQL_BUSY: {
    status: 503,
    remedy: 'Ask again when the others have ended: two queries of people run at a time.',
  },
  T2_SQL_ENDED: {
    status: 499,
    remedy: 'Ask again, and wait for the answer.',
  },
  T2_SQL_LARGE: {
    status: 400,
    remedy:
      'Select less (LIMIT, fewer columns), or take all of it with `trace2 export` and query the files.',
  },
  T2_SQL_TIME: {
    status: 503,
    remedy:
      'Select less, or export the data with `trace2 export` and query the files: the collector has to go on meanwhile.',
  },
  T2_SQL_READ_ONLY: {
    status: 400,
    remedy:
      'Send one SELECT statement that calls only functions which compute. Data is changed through the other commands only.',
  },
  T2_EXPORT: { status: 400, remedy: 'Name a new or empty directory that can be written to.' },
  T2_BACKUP: {
    status: 500,
    remedy:
      'Make room, in the directory for temporary files (TMPDIR) as well, and back up again: what an earlier backup holds is kept.',
  },
  T2_BACKUP_BEHIND: {
    status: 503,
    remedy:
      'Back up again when the store has caught up; `/readyz` and the log of the collector say what keeps it.',
  },
  T2_BACKUP_GONE: { status: 410, remedy: 'Back up again: what an earlier backup holds is kept.' },
  T2_STORE_LOCKED: {
    status: 409,
    remedy:
      'A collector that runs already can be sent to and asked at its address (`--db` takes it); to start another, end that one. Any other process that holds the database has to end first.',
  },
  T2_STORE_NEWER: {
    status: 409,
    remedy: 'Update Trace2, or name another database with --db.',
  },
  T2_STORE_DAMAGED: {
    status: 500,
    remedy: 'Run `trace2 doctor` on the database; it says what is wrong and what can be saved.',
  },
  T2_STORE_OPEN: {
    status: 500,
    remedy: 'Check that the path is a DuckDB file, or new, and that its directory can be written.',
  },
  T2_STORE_WRITE: {
    status: 503,
    remedy: 'Check the free space of the disk that holds the database, then try again.',
  },
  T2_STORE_RESTARTING: {
    status: 503,
    remedy: 'Try again in a moment; `/readyz` and the log say why the store is being opened again.',
  },
  T2_STORE_CLOSED: { status: 503, remedy: 'Open the store again.' },
  T2_COLLECTOR_UNREACHABLE: {
    status: 503,
    remedy: 'Start the collector with `trace2 collect`, or name its address or file with --db.',
  },
  T2_COLLECTOR_ANSWER: {
    status: 502,
    remedy: 'Check that the address is a Trace2 collector of the same version.',
  },
  T2_API_UNKNOWN: { status: 404, remedy: 'Use a collector and a client of the same version.' },
  T2_API_REQUEST: {
    status: 400,
    remedy: 'Send a JSON array of the arguments with content type application/json.',
  },
  T2_INTERNAL: {
    status: 500,
    remedy:
      'This is a defect of Trace2: please report it with the message and the collector’s log.',
  },
  T2_API_ORIGIN: {
    status: 403,
    remedy: 'Call the collector from a program, or name the origin of the page with --cors-origin.',
  },
  T2_UNAUTHORIZED: {
    status: 401,
    remedy: 'Send `Authorization: Bearer TOKEN`; the commands take the token from TRACE2_TOKEN.',
  },
  T2_FORBIDDEN: {
    status: 403,
    remedy:
      'Use a token with the scope that is named: a line `SCOPE:TOKEN` of the token file, SCOPE being ingest, read or admin.',
  },
  T2_HOST_UNKNOWN: {
    status: 403,
    remedy: 'Use localhost in the address, or name the host in `allowedHosts`, or set a token.',
  },
})
