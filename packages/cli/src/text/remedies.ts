import { Trace2Error } from '@trace2/core'

type Remedies = { readonly [code: string]: string }

/** Of commands that run trials. */
const ofTrials: Remedies = {
  T2_NO_FEEDBACK: 'Give feedback on runs first: `trace2 feedback RUN --score 0 --comment WHY`.',
  T2_NO_TRAINABLE_PARAMETER: 'Name another parameter; `trace2 parameters` lists them.',
  T2_NO_RUNS: 'List what is stored with `trace2 runs`.',
  T2_PROMPT_BUDGET:
    'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), or name a model with more room (--model).',
  T2_MODEL_CONTEXT:
    'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), make answers shorter with --max-answer-tokens, or name a model with more room (--model).',
  T2_MODEL_RATE:
    'Start again when the endpoint allows it: finished trials are kept. Ask more slowly with --parallel 1.',
  T2_MODEL_TIMEOUT:
    'Give the model more time with --timeout SECONDS (TRACE2_TIMEOUT), or less to write with --max-answer-tokens.',
  T2_MODEL_FILTERED:
    'Take the case out of the dataset (`trace2 dataset NAME --remove CASE`), or use a model without that filter (--model).',
  T2_MODEL_EMPTY:
    'Use a stronger model (--model), or give it more room to answer (--max-answer-tokens).',
  T2_MODEL_CUT_OFF:
    'Allow longer answers with --max-answer-tokens (and --context, where the model has more room).',
  T2_MODEL_REFUSED:
    'Read what was asked in v_llm_call. Take the case out of the dataset (`trace2 dataset NAME --remove CASE`), or use another model (--model).',
  T2_MODEL_ANSWER:
    'The raw answers are in v_llm_call: `trace2 sql "SELECT id, error, response FROM v_llm_call"`. Try again, with a stronger model (--model) or a simpler rubric.',
  T2_BUDGET_SPENT:
    'Raise the limit (--max-total-tokens, --max-cost) and start again: finished trials are kept and are not paid for twice.',
  T2_PRICE_UNKNOWN:
    'A limit in USD needs the price of each model: give it with --price MODEL=IN,OUT, or with models.prices in trace2.config.ts, or leave --max-cost out and limit trials (--max-trials) or tokens (--max-total-tokens) instead.',
}

/**
 * Remedies of commands that have other flags than `optimize`, of which the catalogue of the optimizer speaks. The demo
 * has its own beside it.
 */
const remedies: { readonly [command: string]: Remedies } = {
  judge: {
    T2_NO_FEEDBACK: 'Judge other runs: widen --since and --where.',
    T2_NO_TRAINABLE_PARAMETER: 'Name another --target; `trace2 graph RUN` shows the operators.',
    T2_PROMPT_BUDGET:
      'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), or name a model with more room (--model).',
    T2_MODEL_CONTEXT:
      'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), make answers shorter with --max-answer-tokens, or name a model with more room (--model).',
    T2_MODEL_RATE:
      'Start again when the endpoint allows it: what was judged before is kept. Ask more slowly with --calls-per-minute, --tokens-per-minute or --concurrency 1, or judge fewer runs at a time (--limit).',
    T2_MODEL_TIMEOUT:
      'Give the model more time with --timeout SECONDS (TRACE2_TIMEOUT), or less to write with --max-answer-tokens.',
    T2_MODEL_FILTERED:
      'Leave out the runs whose content the filter does not pass (--where), or use a model without that filter (--model).',
    T2_MODEL_EMPTY:
      'Use a stronger model (--model), or give it more room to answer (--max-answer-tokens).',
    T2_MODEL_CUT_OFF:
      'Allow longer answers with --max-answer-tokens (and --context, where the model has more room).',
    T2_MODEL_REFUSED:
      'Read what was asked in v_llm_call. Leave out the runs that the model objects to (--where), or use another one (--model).',
    T2_MODEL_ANSWER:
      'The raw answers are in v_llm_call: `trace2 sql "SELECT id, error, response FROM v_llm_call"`. Try again, with a stronger model (--model) or a simpler rubric.',
    T2_BUDGET_SPENT:
      'Raise the limit (--max-calls, --max-total-tokens, --max-cost) and start again: what was judged is kept in the store and is not paid for twice. Shorter answers (--max-answer-tokens) need less.',
    T2_PRICE_UNKNOWN:
      'A limit in USD needs the price of the model: give it with --price MODEL=IN,OUT, or limit calls (--max-calls) or tokens (--max-total-tokens) instead.',
  },
  evaluate: ofTrials,
  verdict: ofTrials,
}

/** The same error with a remedy that names what the command has. */
export function inWordsOf(command: string | undefined, error: Trace2Error): Trace2Error {
  const own = command !== undefined && Object.hasOwn(remedies, command) ? remedies[command] : {}
  const remedy = own && Object.hasOwn(own, error.code) ? own[error.code] : undefined
  if (remedy === undefined) return error
  const { code, status, message, cause } = error
  const said = new Trace2Error(code, { status, remedy }, message, { cause })
  if (error.stack !== undefined) said.stack = error.stack
  return said
}
