import type { Trace2Error } from '@trace2/core'

/** What helps a demo, where the catalogue speaks of flags of `trace2 optimize`. */
const remedies: { readonly [code: string]: string } = {
  T2_NO_RUNS: 'Begin a new demo.',
  T2_NO_FEEDBACK: 'Begin a new demo.',
  T2_NO_TRAINABLE_PARAMETER: 'Begin a new demo.',
  T2_PROMPT_BUDGET:
    'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), or name a model with more room (TRACE2_MODEL).',
  T2_MODEL_UNSET: 'Name an endpoint and a model: OPENAI_API_KEY, OPENAI_BASE_URL, TRACE2_MODEL.',
  T2_MODEL_CALL: 'Try again, or name another model (TRACE2_MODEL).',
  T2_MODEL_CONTEXT:
    'Say how many tokens the model has room for with --context (TRACE2_CONTEXT), or make answers shorter with --max-answer-tokens.',
  T2_MODEL_UNKNOWN:
    'Name a model that the endpoint has: TRACE2_MODEL. The address with /models at its end lists them; a local server may have to load it first.',
  T2_MODEL_RATE:
    'Begin a new demo when the endpoint allows it. Ask more slowly with --concurrency 1, or less with --rounds 1.',
  T2_MODEL_TIMEOUT:
    'Give the model more time with --timeout SECONDS (TRACE2_TIMEOUT), or less to write with --max-answer-tokens.',
  T2_MODEL_FILTERED: 'Use a model without that filter (TRACE2_MODEL).',
  T2_MODEL_NO_CHOICE:
    'Look into the log of the endpoint: it answered without an error and without an answer. Another model (TRACE2_MODEL) may do.',
  T2_MODEL_EMPTY:
    'Use a stronger model (TRACE2_MODEL), or give it more room to answer (--max-answer-tokens).',
  T2_MODEL_CUT_OFF:
    'Allow longer answers with --max-answer-tokens (and --context, where the model has more room).',
  T2_MODEL_REFUSED: 'Use another model (TRACE2_MODEL).',
  T2_MODEL_ANSWER: 'Try again, with a stronger model (TRACE2_MODEL).',
  T2_BUDGET_SPENT: 'Begin a new demo; --rounds 1 asks less.',
  T2_PRICE_UNKNOWN: 'Name a model with a known price (TRACE2_MODEL).',
}

/** What to do about an error in a demo, in flags that the demo has. */
export function demoRemedy({ code, remedy }: Pick<Trace2Error, 'code' | 'remedy'>): string {
  return Object.hasOwn(remedies, code) ? (remedies[code] ?? remedy) : remedy
}
