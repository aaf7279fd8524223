import { raise } from '../errors.ts'

/** Limits of a model and of the patience with it, for every function that asks one. */
export interface ModelSettings {
  /**
   * Time after which a call fails if the endpoint has sent nothing, in milliseconds. Default: `TRACE2_TIMEOUT` (which
   * is in seconds), otherwise 300,000.
   */
  readonly timeoutMs?: number
  /**
   * Limit of the tokens of one answer. Default: `TRACE2_MAX_ANSWER_TOKENS`, otherwise a quarter of the context, but at
   * most 8,192.
   */
  readonly maxAnswerTokens?: number
  /**
   * Limit of the tokens of prompt and answer together. Default: the first that is known of `TRACE2_CONTEXT`, the known
   * context of the model, and what the endpoint's list of models says; otherwise 4,096.
   */
  readonly contextTokens?: number
}

const defaultTimeoutMs = 300_000

/** The longest time that a timer of Node can keep; it takes a longer one for 1 ms. */
export const longestTimeoutMs = 2 ** 31 - 1

/**
 * Milliseconds in which an endpoint may say nothing; `Infinity` is as long as a timer can be.
 *
 * @throws `T2_MODEL_SETTING` where it is no number above 0.
 */
export function timeoutOf({ timeoutMs }: ModelSettings): number {
  const seconds = fromEnvironment('TRACE2_TIMEOUT')
  const wanted = timeoutMs ?? (seconds === undefined ? defaultTimeoutMs : seconds * 1000)
  if (!(wanted > 0)) throw unusable('timeoutMs', wanted, 'a number above 0')
  return Math.min(wanted, longestTimeoutMs)
}

/** Settings as given, completed by the environment. */
export function settingsOf(given: ModelSettings): Omit<ModelSettings, 'timeoutMs'> {
  for (const name of ['maxAnswerTokens', 'contextTokens'] as const) {
    const tokens = given[name]
    if (tokens === undefined || (Number.isSafeInteger(tokens) && tokens > 0)) continue
    throw unusable(name, tokens, 'a whole number above 0')
  }
  const answer = given.maxAnswerTokens ?? fromEnvironment('TRACE2_MAX_ANSWER_TOKENS')
  const context = given.contextTokens ?? fromEnvironment('TRACE2_CONTEXT')
  return {
    ...(answer === undefined ? {} : { maxAnswerTokens: answer }),
    ...(context === undefined ? {} : { contextTokens: context }),
  }
}

function unusable(name: string, given: number, wanted: string): Error {
  return raise('T2_MODEL_SETTING', `${name} is ${given}, not ${wanted}.`)
}

/** @throws `T2_MODEL_SETTING` where the variable is no whole number above 0. */
function fromEnvironment(name: string): number | undefined {
  const text = process.env[name]?.trim()
  if (!text) return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw raise(
    'T2_MODEL_SETTING',
    `${name} is ${JSON.stringify(text.slice(0, 40))}, not a whole number above 0.`,
  )
}
