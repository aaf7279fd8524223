import { Trace2Error } from '@trace2/core'
import type { evaluationErrors } from '@trace2/evaluation'
import type { optimizerErrors } from '../errors.ts'

type Code = keyof typeof optimizerErrors | keyof typeof evaluationErrors

/** What to do about an error in the program that meets it, where the catalogue speaks of commands and their flags. */
const remedies: Partial<Readonly<Record<Code, string>>> = {
  T2_NO_FEEDBACK: 'Call backward(output, feedback) on what the agent returned, then step().',
  T2_NO_RUNS: 'Call the agent first, then backward(output, feedback), then step().',
  T2_NO_REFERENCES:
    'Give what is expected with each piece of feedback, or take a guide that needs no reference.',
  T2_OBJECTIVE:
    'Give { objective } a name of feedback that has scores, declare its scale where it is given, or say in words what is to be achieved.',
  T2_NO_TRAINABLE_PARAMETER:
    'Give the optimizer parameters: parameter(name, value), or those of a bundle(fn, { trainable: true }).',
  T2_FEEDBACK_UNREACHED:
    'Pass the parameter into the bundle that uses it, or give backward() a later output; outside run(), pass results on as nodes.',
  T2_PROMPT_BUDGET:
    'Raise { maxTokens } (and { contextTokens }, where the model has more room), or give the optimizer fewer parameters.',
  T2_MODEL_UNSET:
    'Give { model } and { client }, or set TRACE2_MODEL, OPENAI_API_KEY and OPENAI_BASE_URL.',
  T2_MODEL_CALL:
    'Take the step again: what was answered before is kept. If it goes on, check { client } (or OPENAI_BASE_URL) and { model }; the call and its error are in v_llm_call of `store`.',
  T2_MODEL_CONTEXT:
    'Say how many tokens the model has room for with { contextTokens }, or make prompts shorter with { maxTokens } and answers with { maxAnswerTokens }.',
  T2_MODEL_UNKNOWN: 'Name a model that the endpoint has: { model }, or TRACE2_MODEL.',
  T2_MODEL_KEY: 'Give { client } with a key that may use the model, or set OPENAI_API_KEY.',
  T2_MODEL_QUOTA: 'Top up the account of the key, or give another { client }.',
  T2_MODEL_RATE:
    'Take the step again when the endpoint allows it. Ask more slowly with { callsPerMinute }, { tokensPerMinute } or { concurrency: 1 }, or with shorter prompts ({ maxTokens }).',
  T2_MODEL_TIMEOUT:
    'Give the model more time with { timeoutMs }, or less to read and write with { maxTokens } and { maxAnswerTokens }.',
  T2_MODEL_UNREACHABLE:
    'Check that the endpoint runs, and that { client } (or OPENAI_BASE_URL) has its address, usually with /v1 at its end.',
  T2_MODEL_DROPPED:
    'Take the step again: what was answered before is kept. A server that breaks off every time may have crashed; its log says more.',
  T2_MODEL_PAGE:
    'Check the address that { client } (or OPENAI_BASE_URL) has: an API like that of OpenAI, usually with /v1 at its end.',
  T2_MODEL_FILTERED:
    'Leave out the feedback whose content the filter does not pass, or use another { model }.',
  T2_MODEL_NO_CHOICE: 'Check the endpoint and its log, or use another { model }.',
  T2_MODEL_EMPTY:
    'Use a stronger { model }, give it more room to answer ({ maxAnswerTokens }), or ask less at once.',
  T2_MODEL_CUT_OFF:
    'Allow longer answers with { maxAnswerTokens } (and { contextTokens }, where the model has more room), or give the optimizer fewer parameters.',
  T2_MODEL_REFUSED:
    'Read what was asked in v_llm_call of `store`; change the feedback that the model objects to, or use another { model }.',
  T2_MODEL_ANSWER:
    'The raw answers are in v_llm_call of `store`. Take the step again, with a stronger { model } or fewer parameters.',
  T2_BUDGET_SPENT:
    'Raise { maxCalls }, { maxTotalTokens } or { maxCostUsd } and take the step again: finished calls are not paid for twice. Shorter prompts ({ maxTokens }) and answers ({ maxAnswerTokens }) need less.',
  T2_PRICE_UNKNOWN:
    'A limit in USD needs the price of the model: give it as { prices }, or limit { maxCalls } or { maxTotalTokens } instead.',
}

/** The same error, with a remedy in the words of a program. */
export function inWordsOfOptions(error: unknown): unknown {
  if (!(error instanceof Trace2Error)) return error
  const { code, status, message } = error
  const remedy: string | undefined = Object.hasOwn(remedies, code)
    ? Reflect.get(remedies, code)
    : undefined
  return remedy === undefined
    ? error
    : new Trace2Error(code, { status, remedy }, message, { cause: error.cause })
}
