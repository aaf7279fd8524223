import { errorCatalogue } from '@trace2/core'

/** Every error that this package raises. */
export const { entries: evaluationErrors, raise } = errorCatalogue({
  T2_AGENT_LOAD: {
    status: 400,
    remedy:
      'Correct the agent that the message names: the module and what it exports, the command, or the address; https://github.com/trace2/trace2-ts/blob/main/docs/guides/running-agents.md has the forms.',
  },
  T2_AGENT_LIMITS: {
    status: 400,
    remedy:
      'Correct the limit; https://github.com/trace2/trace2-ts/blob/main/docs/guides/running-agents.md lists all of them.',
  },
  T2_GATE_OPTIONS: {
    status: 400,
    remedy:
      'Correct the setting of the gate that the message names; https://github.com/trace2/trace2-ts/blob/main/docs/guides/gate.md lists all of them.',
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
  T2_EXPERIMENT_RUNNING: {
    status: 409,
    remedy:
      'Run the same command again: it waits until the other one has ended, and pays for nothing that is known by then.',
  },
  T2_CANDIDATE: {
    status: 400,
    remedy:
      'Name proposals or values that differ from what is in force, and of each parameter one.',
  },
  T2_DATASET_SPLIT: {
    status: 400,
    remedy:
      'Choose a split that has cases, or add cases of new runs with `trace2 dataset NAME --from-runs --add`; `trace2 datasets NAME` shows how many each split has.',
  },
  T2_HOLDOUT_CHOSEN: {
    status: 400,
    remedy:
      'Decide on cases of runs that came later: `trace2 dataset NAME --from-runs --add`. A dataset that is made before `trace2 optimize` keeps back what a verdict needs.',
  },
  T2_HOLDOUT_SEALED: {
    status: 409,
    remedy:
      'Select with `trace2 evaluate --split validation` and decide with `trace2 verdict`. To see its scores all the same, and give it up, add `--open-holdout`.',
  },
  T2_HOLDOUT_SMALL: {
    status: 409,
    remedy:
      'Add cases of new runs with `trace2 dataset NAME --from-runs --add` first. `trace2 verdict --open-holdout` opens these all the same: they are then no longer fresh, and a part of the error budget is spent.',
  },
  T2_NO_REFERENCES: {
    status: 400,
    remedy:
      'Give the cases references (`trace2 dataset NAME --from-runs --add --references FILE`, or `trace2 dataset NAME --file FILE --add` with the same inputs), or take a guide that needs none, such as contains, regex or a rubric.',
  },
  T2_NO_RUNS: {
    status: 404,
    remedy: 'List what is stored with `trace2 runs`, or widen --since and --where.',
  },
  T2_MODEL_UNSET: {
    status: 400,
    remedy:
      'Name a model (--model, TRACE2_MODEL, or `models` in the configuration) and an endpoint (OPENAI_API_KEY, OPENAI_BASE_URL); `trace2 simulated-model` serves one to try things out without a key.',
  },
  T2_MODEL_STREAM: {
    status: 502,
    remedy:
      'Check the endpoint (OPENAI_BASE_URL) and its log, and whether a proxy before it changes what it sends: lines of its answer are not those of the chat API.',
  },
  T2_MODEL_CALL: {
    status: 502,
    remedy:
      'Try again: what was answered before is kept. If it goes on, check OPENAI_BASE_URL and the model (--model); the call and its error are in v_llm_call.',
  },
  T2_MODEL_CONTEXT: {
    status: 502,
    remedy:
      'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), or make prompts shorter with --max-tokens and answers with --max-answer-tokens.',
  },
  T2_MODEL_UNKNOWN: {
    status: 502,
    remedy:
      'Name a model that the endpoint has: --model, or TRACE2_MODEL. The address with /models at its end lists them; a local server may have to load it first.',
  },
  T2_MODEL_KEY: {
    status: 502,
    remedy:
      'Set OPENAI_API_KEY to a key of the endpoint in OPENAI_BASE_URL that may use the model.',
  },
  T2_MODEL_QUOTA: {
    status: 502,
    remedy:
      'Top up the account of the key, or use another key (OPENAI_API_KEY) or endpoint (OPENAI_BASE_URL). What was answered before is kept.',
  },
  T2_MODEL_RATE: {
    status: 502,
    remedy:
      'Start again when the endpoint allows it: what was answered before is kept. Ask more slowly with --calls-per-minute, --tokens-per-minute or --concurrency 1, or with shorter prompts (--max-tokens).',
  },
  T2_MODEL_TIMEOUT: {
    status: 502,
    remedy:
      'Give the model more time with --timeout SECONDS (TRACE2_TIMEOUT), or less to read and write with --max-tokens and --max-answer-tokens.',
  },
  T2_MODEL_UNREACHABLE: {
    status: 502,
    remedy:
      'Check that the endpoint runs and that OPENAI_BASE_URL is its address, usually with /v1 at its end.',
  },
  T2_MODEL_DROPPED: {
    status: 502,
    remedy:
      'Start again: what was answered before is kept. A server that breaks off every time may have crashed, or a proxy before it has a limit of its own; its log says more.',
  },
  T2_MODEL_PAGE: {
    status: 502,
    remedy:
      'Check OPENAI_BASE_URL: it must be the address of an API like that of OpenAI, usually with /v1 at its end, not of a web page or a proxy that asks for a login.',
  },
  T2_MODEL_FILTERED: {
    status: 502,
    remedy:
      'Leave out the runs whose content the filter does not pass (--where, --sample), or use a model without that filter (--model).',
  },
  T2_MODEL_NO_CHOICE: {
    status: 502,
    remedy:
      'Check the endpoint (OPENAI_BASE_URL) and its log: it answered without an error and without an answer. Another model (--model) may do.',
  },
  T2_MODEL_EMPTY: {
    status: 502,
    remedy:
      'Use a stronger model (--model), give it more room to answer (--max-answer-tokens), or ask less at once (--parameter, --max-tokens).',
  },
  T2_MODEL_CUT_OFF: {
    status: 502,
    remedy:
      'Allow longer answers with --max-answer-tokens (and --context, where the model has more room), or ask less at once (--parameter).',
  },
  T2_MODEL_REFUSED: {
    status: 502,
    remedy:
      'Read what was asked in v_llm_call. Leave out the runs that the model objects to (--where, --sample), or use another one (--model).',
  },
  T2_MODEL_SETTING: {
    status: 400,
    remedy:
      'TRACE2_TIMEOUT is in seconds, TRACE2_CONTEXT and TRACE2_MAX_ANSWER_TOKENS in tokens. Give a whole number, or unset it; prompt and answer must have room together (--context, --max-answer-tokens).',
  },
  T2_MODEL_ANSWER: {
    status: 502,
    remedy:
      'The raw answers are in v_llm_call: `trace2 sql "SELECT id, error, response FROM v_llm_call"`. Try again, with a stronger model (--model) or fewer parameters (--parameter).',
  },
  T2_ANSWERS_FILE: {
    status: 400,
    remedy: 'Check the path given for recorded answers: a file in a directory that exists.',
  },
  T2_REPLAY_MISSING: {
    status: 404,
    remedy: 'The prompt has changed since the answers were recorded: record them again.',
  },
  T2_BUDGET_SPENT: {
    status: 429,
    remedy:
      'Raise the limit (--max-calls, --max-total-tokens, --max-cost) and start again: finished calls are kept in the store and are not paid for twice. Shorter prompts (--max-tokens) and answers (--max-answer-tokens) need less.',
  },
  T2_PRICE_UNKNOWN: {
    status: 400,
    remedy:
      'A limit in USD needs the price of the model: give it with `--price MODEL=IN,OUT` (`prices` in a program), or limit calls or tokens instead.',
  },
  T2_GUIDE_INVALID: {
    status: 400,
    remedy:
      'https://github.com/trace2/trace2-ts/blob/main/docs/guides/feedback-functions.md shows every kind of guide and its options.',
  },
  T2_GUIDE_FAILED: {
    status: 500,
    remedy: 'Correct the guide: a verdict has a score from 0 to 1 and words.',
  },
  T2_FEEDBACK_NAME: {
    status: 404,
    remedy: '`trace2 feedback --names` lists the names of feedback.',
  },
  T2_BASE_MISSING: {
    status: 400,
    remedy:
      'A guide of the kind `compare` needs what the base gave for the same input. Use it in an experiment; for stored runs take a `rubric`.',
  },
  T2_REFERENCE_MISSING: {
    status: 400,
    remedy:
      'Give references for the runs (--references FILE), or put the expected value into the guide.',
  },
  T2_REFERENCES_INVALID: {
    status: 400,
    remedy:
      'References are a JSON array of objects with a `reference` and either `run` (its id) or `input` (the value it was given).',
  },
  T2_DATASET_SHARES: {
    status: 400,
    remedy:
      'Give the shares of train, validation and holdout in percent, such as 60/20/20. The shares of a dataset stay as they are: other ones need a new dataset.',
  },
  T2_DATASET_EMPTY: {
    status: 400,
    remedy:
      'Choose more runs, or correct the file: https://github.com/trace2/trace2-ts/blob/main/docs/guides/datasets.md says what a case needs. What was stored is unchanged.',
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
