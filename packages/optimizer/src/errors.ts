import { errorCatalogue } from '@trace2/instrumentation/semconv'

/** Every error that this package raises. */
export const { entries: optimizerErrors, raise } = errorCatalogue({
  T2_NO_RUNS: {
    status: 404,
    remedy: 'List what is stored with `trace2 runs`, or widen --since and --where.',
  },
  T2_NO_FEEDBACK: {
    status: 400,
    remedy:
      'Give feedback with `trace2 feedback RUN --score 0 --comment "…"`, with feedback() in the agent, or with `trace2 judge`.',
  },
  T2_OBJECTIVE: {
    status: 400,
    remedy:
      'Take a name that has scores (`trace2 feedback --names` lists them), declare its scale, or say in words what is to be achieved.',
  },
  T2_NO_TRAINABLE_PARAMETER: {
    status: 400,
    remedy:
      'Declare what may change with parameter(name, value) or bundle(fn, { trainable: true }); `trace2 parameters` lists what the runs used.',
  },
  T2_FEEDBACK_UNREACHED: {
    status: 400,
    remedy:
      '`trace2 graph RUN --backward` shows where the feedback stops. Pass the parameter into the operator that uses it, or give feedback on a later node; outside run(), pass results on as nodes.',
  },
  T2_OPTIMIZER_UNKNOWN: {
    status: 400,
    remedy: 'There are optoprime, optoprime-elements, opro, textgrad, candidates and merge.',
  },
  T2_TARGET_UNKNOWN: {
    status: 400,
    remedy:
      'Give feedback on what a bundle returned, on its node, or on the error it threw; wrap the call in bundle() or run() if it is not recorded.',
  },
  T2_TARGET_PROMISE: {
    status: 400,
    remedy:
      'Await it: `optimizer.backward(await agent(input), "…")`, in a list each of its members.',
  },
  T2_TARGET_OPEN: {
    status: 400,
    remedy:
      'Take the step when the call has ended: await what it returned, and read a stream to its end. Make what has several runs inside it a run() too, or give feedback on one of them.',
  },
  T2_NOTHING_RECORDED: {
    status: 400,
    remedy:
      'Call the agent first, then backward(output, feedback), then step(). Import `@trace2/optimizer/live` before the agent is called.',
  },
  T2_SAVED_OPTIMIZER: {
    status: 400,
    remedy:
      'Give load() what save() of an optimizer over the same parameters returned, parsed where it was stored as JSON.',
  },
  T2_FEEDBACK_COUNT: {
    status: 400,
    remedy: 'Give one piece of feedback for all targets, or a list with one for each.',
  },
  T2_PROMPT_BUDGET: {
    status: 400,
    remedy:
      'Raise --max-tokens (and --context, where the model has more room), or optimize fewer parameters at once with --parameter.',
  },
  T2_MODEL_UNSET: {
    status: 400,
    remedy:
      'Name a model (--model, or TRACE2_MODEL) and an endpoint (OPENAI_API_KEY, OPENAI_BASE_URL).',
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
  T2_MODEL_STREAM: {
    status: 502,
    remedy:
      'Check the endpoint (OPENAI_BASE_URL) and its log, and whether a proxy before it changes what it sends: lines of its answer are not those of the chat API.',
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
      'TRACE2_TIMEOUT is in seconds, TRACE2_CONTEXT and TRACE2_MAX_ANSWER_TOKENS in tokens. Give a whole number, or unset it.',
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
    remedy: '`docs/guides/feedback-functions.md` shows every kind of guide and its options.',
  },
  T2_GUIDE_FAILED: {
    status: 500,
    remedy: 'Correct the guide: a verdict has a score from 0 to 1 and words.',
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
  T2_PROPOSAL_CONFLICT: {
    status: 409,
    remedy:
      'The parameter has changed since the proposal was made: `trace2 reject` it, and run `trace2 optimize` again on runs of the current version.',
  },
  T2_PROPOSAL_MARKED: {
    status: 409,
    remedy:
      'Read the change with `trace2 show`. To put it in force all the same, accept it with --marked (`marked: true` in a program); otherwise `trace2 reject` it.',
  },
  T2_VALUE_EMPTY: {
    status: 400,
    remedy:
      'Reject the proposal. Where an empty text is meant to be possible, list it in the schema of the parameter: { "enum": ["", …] }.',
  },
  T2_PARAMETERS_FILE: {
    status: 400,
    remedy:
      'The file must be JSON of the form { "trace2": 1, "parameters": { "<name>": { "value": … } } }, each name once; an entry may have "variants": [{ "value": …, "weight": 9 }, …] in place of "value".',
  },
  T2_PARAMETERS_ENTRY: {
    status: 400,
    remedy:
      'Correct the entry, or delete it: { "value": … } of the type and schema that the parameter has in the code, or { "variants": [{ "value": …, "weight": 9 }, …] } with weights above 0.',
  },
  T2_PARAMETERS_UNWRITABLE: {
    status: 400,
    remedy:
      'The file is replaced as a whole, and a lock stands beside it while it is: its folder must exist and be writable.',
  },
  T2_BASE_UNKNOWN: {
    status: 404,
    remedy:
      '--base takes the version of a value that is in force (or its beginning), or NAME=VERSION, or NAME=2 for the second heaviest; `trace2 parameters` lists versions.',
  },
  T2_PARAMETERS_LOCKED: {
    status: 409,
    remedy: 'Wait until the other command has ended. If none is running, delete the lock file.',
  },
  T2_NOTHING_TO_ROLL_BACK: {
    status: 404,
    remedy: '`trace2 parameters NAME --history` shows the versions and what was deployed.',
  },
})
