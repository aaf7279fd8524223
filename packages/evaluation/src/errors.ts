import { errorCatalogue } from '@trace2/instrumentation/semconv'

/** Every error that this package raises. */
export const { entries: evaluationErrors, raise } = errorCatalogue({
  T2_GATE_OPTIONS: {
    status: 400,
    remedy:
      'Correct the setting of the gate that the message names; docs/guides/gate.md lists all of them.',
  },
  T2_GATE_CASE: {
    status: 400,
    remedy:
      'Give each case once, and all cases of a group in one look: a group is one piece of evidence.',
  },
  T2_SCORE_SCALE: {
    status: 400,
    remedy:
      'Declare the scale that the scores really have, or correct the guide. A score is never clipped, because that would change what is decided.',
  },
  T2_SCORE_MISSING: {
    status: 400,
    remedy:
      'Say why a trial has no score (crashed, timed out, diverged, no score); it then counts as the gate is told to count it.',
  },
  T2_LEDGER: {
    status: 400,
    remedy: 'Give the ledger as the gate returned it; it must not be edited.',
  },
  T2_LEDGER_SPENT: {
    status: 409,
    remedy:
      'Decide on cases that no decision has read, with a new ledger for them: this error budget has been spent on earlier proposals.',
  },
  T2_DATASET_SHARES: {
    status: 400,
    remedy:
      'Give the shares of train, validation and holdout in percent, such as 60/20/20. The shares of a dataset stay as they are: other ones need a new dataset.',
  },
  T2_DATASET_EMPTY: {
    status: 400,
    remedy:
      'Choose more runs, or correct the file: docs/guides/datasets.md says what a case needs. What was stored is unchanged.',
  },
  T2_DATASET_FILE: {
    status: 400,
    remedy:
      'Check the path and that you may read it. A dataset file is JSON lines or CSV with a header, in UTF-8 or UTF-16.',
  },
  T2_CASE_UNKNOWN: {
    status: 404,
    remedy: '`trace2 dataset NAME --show` lists the cases with their ids.',
  },
  T2_CASE_TEXT: {
    status: 400,
    remedy:
      'Write one JSON object per line in UTF-8, or one CSV record with the columns of the header.',
  },
  T2_CASE_INPUT: {
    status: 400,
    remedy:
      'Give `input` (any value), or `inputs` (an object with a value per role); in CSV a column `input`, or `input.ROLE` for each role.',
  },
  T2_CASE_FIELD: {
    status: 400,
    remedy:
      'Give `group` as a text or number, and `split` as train, validation or holdout; leave them out to have them found.',
  },
})
