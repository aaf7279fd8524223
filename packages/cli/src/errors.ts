import { errorCatalogue } from '@trace2/core'

const catalogue = errorCatalogue({
  T2_USAGE: { status: 400, remedy: 'See `trace2 --help`, or --help after the command.' },
  T2_DATABASE_MISSING: {
    status: 404,
    remedy:
      'Name the database with --db (or TRACE2_DB). `trace2 collect` and `trace2 import` make a new one, `trace2 demo` fills one to look at.',
  },
  T2_NO_RUN_YET: {
    status: 404,
    remedy:
      'Start `trace2 collect` and let the agent send to it, or take runs from a file with `trace2 import`; `trace2 demo` makes some to look at.',
  },
  T2_NO_PROPOSAL_YET: {
    status: 404,
    remedy:
      '`trace2 optimize` makes some from runs with feedback; `trace2 status` says what is missing.',
  },
  T2_NODE_UNKNOWN: {
    status: 404,
    remedy:
      'Name a node of the run as `trace2 graph RUN` shows it: its number, its operator name where only one has it, or its span id.',
  },
  T2_MODULE: {
    status: 400,
    remedy:
      'Name a JavaScript module that exports what parameter() returned, or an object or trainable bundle with it.',
  },
  T2_NOTHING_JUDGED: {
    status: 400,
    remedy:
      'Correct the guide, or give it what it misses, or name another --target (`trace2 graph RUN` shows the operators); the feedback that was there is unchanged.',
  },
  T2_NOTHING_IMPORTED: {
    status: 400,
    remedy:
      'Import OTLP traces: JSON lines or protobuf as the OpenTelemetry Collector’s file exporter writes them, or one OTLP request.',
  },
  T2_IMPORT: {
    status: 400,
    remedy:
      'Import files of OTLP JSON lines (the OpenTelemetry Collector’s file exporter) or OTLP protobuf, or a directory that `trace2 export` wrote.',
  },
  T2_IMPORT_INCOMPLETE: {
    status: 400,
    remedy:
      'What could be read is stored. Correct what is named above and import the file again: nothing is stored twice.',
  },
  T2_NO_CASES: {
    status: 404,
    remedy:
      'Record runs first (`trace2 collect`), or make a dataset of a file: `trace2 dataset NAME --file cases.jsonl`.',
  },
  T2_EXPORT: {
    status: 400,
    remedy: 'Name a file that does not exist yet, in a directory that you may write to.',
  },
  T2_NO_OPEN_PROPOSAL: {
    status: 404,
    remedy: '`trace2 proposals` lists what was proposed; `trace2 optimize` proposes more.',
  },
  T2_PARAMETER_NAMED: {
    status: 404,
    remedy: '`trace2 parameters` lists the names; a value is written NAME=VALUE or NAME=@FILE.',
  },
  T2_NO_GUIDE: {
    status: 400,
    remedy:
      'Say how to score with --exact, --contains, --regex, --schema, --similar, --rubric or --guide, or with guides in the configuration; or say what is right: feedback named `correction` on runs, --references with `trace2 dataset NAME --from-runs --add`, or `expected` in a file of cases.',
  },
  T2_REPLAY_AGENT: {
    status: 400,
    remedy: 'Run it wholly with --no-replay, or name a module: --agent ./src/agent.ts#agent.',
  },
  T2_NOT_EVALUATED: {
    status: 404,
    remedy:
      'Try it with `trace2 evaluate PROPOSAL`, and decide on it with `trace2 verdict PROPOSAL`.',
  },
  T2_NOT_BETTER: {
    status: 409,
    remedy:
      'Decide on it with `trace2 verdict PROPOSAL`, or accept it with --override "REASON": the reason is kept.',
  },
  T2_CHECK: {
    status: 409,
    remedy:
      'The verdict is printed and stored. Without --check, a command that gives a verdict ends with 0, whatever the verdict.',
  },
  T2_FILE: {
    status: 400,
    remedy: 'Check the path and that you may read it; a file of JSON must be JSON.',
  },
  T2_DEMO_MODEL: {
    status: 502,
    remedy:
      'Check OPENAI_API_KEY, OPENAI_BASE_URL and TRACE2_MODEL. Without OPENAI_API_KEY the demo uses its simulated model.',
  },
  T2_DOCTOR: { status: 500, remedy: 'Do what stands below each error above.' },
  T2_INTERRUPTED: {
    status: 499,
    remedy: 'What was finished is kept. Run the command again to go on.',
  },
  T2_DISK_FULL: {
    status: 507,
    remedy: 'Make room on the disk and run the same command again: what was finished is kept.',
  },
  T2_BACKUP_JOURNAL: {
    status: 409,
    remedy:
      'Start the collector on this database once: it stores them. Then back up, while it runs or afterwards. --without-journal leaves them out.',
  },
  T2_OUTPUT: {
    status: 507,
    remedy:
      'Make room, or write the output to another place, and run the command again: what it has stored is kept.',
  },
  T2_INTERNAL: {
    status: 500,
    remedy:
      'This is a defect of Trace2: please report it with the output of the same command under TRACE2_DEBUG=1.',
  },
  T2_CONFIG_LOAD: {
    status: 400,
    remedy:
      'Correct the file so that it can be loaded; https://github.com/trace2/trace2-ts/blob/main/docs/guides/configuration.md has its forms. Where it imports trace2/config, trace2 has to be installed in the project.',
  },
  T2_CONFIG_INVALID: {
    status: 400,
    remedy:
      'Correct the members that the message names; https://github.com/trace2/trace2-ts/blob/main/docs/guides/configuration.md lists all of them.',
  },
  T2_CONFIG_EXISTS: {
    status: 409,
    remedy: 'Edit the configuration that is there, or replace it with --force.',
  },
})

/** Every error that the command line raises by itself, by code. */
export const commandErrors = catalogue.entries
export const raise = catalogue.raise
