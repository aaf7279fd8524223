import { raise } from '../errors.ts'
import { answerText } from './answer-text.ts'
import { wordsOfError } from './error-words.ts'
import { property, textProperty } from './property.ts'
import { quoted } from './quote.ts'
import type { ChatAnswer } from './request.ts'

/** An error that an endpoint gave as an answer; its members are read like those of a refused request. */
export class AnsweredError extends Error {
  override readonly name = 'AnsweredError'
  readonly error: unknown

  constructor(error: unknown) {
    super(wordsOfError(error) || (JSON.stringify(error) ?? String(error)))
    const members = typeof error === 'object' ? error : {}
    this.error = { ...members, message: this.message }
  }
}

/**
 * Reads a completion, as far as it can be read: servers leave out what the API calls required.
 *
 * @throws {AnsweredError} where it is an error in the place of an answer; `T2_MODEL_NO_CHOICE` where it has no answer.
 */
export function answerOf(completion: unknown): ChatAnswer {
  const error = errorIn(completion)
  if (error) throw new AnsweredError(error)
  const choices = property(completion, 'choices')
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
  const failed = property(choice, 'error')
  if (failed) throw new AnsweredError(failed)
  const message = property(choice, 'message')
  if (typeof message !== 'object' || message === null) {
    throw raise(
      'T2_MODEL_NO_CHOICE',
      `The endpoint answered without an answer in it: ${quoted(JSON.stringify(completion) ?? '')}.`,
    )
  }
  const usage = property(completion, 'usage')
  const refusal = refusalIn(message)
  const text = answerText(message) || refusal
  return {
    text,
    finishReason: refusal !== '' && text === refusal ? 'refusal' : finishOf(choice),
    // What an endpoint says here is held against what was sent before anything rests on it.
    inputTokens: tokensIn(usage, 'prompt_tokens'),
    outputTokens: tokensIn(usage, 'completion_tokens'),
  }
}

/** The error in what came in the place of an answer: in a member of its own, or flat, as vLLM and FastAPI give it. */
export function errorIn(json: unknown): unknown {
  const error = property(json, 'error')
  if (error || Array.isArray(property(json, 'choices'))) return error
  return wordsOfError(json) === '' || typeof json !== 'object' ? undefined : json
}

function finishOf(choice: unknown): string {
  return textProperty(choice, 'finish_reason') || 'none'
}

function tokensIn(usage: unknown, name: string): number {
  const tokens = property(usage, name)
  return typeof tokens === 'number' ? tokens : Number.NaN
}

function refusalIn(message: unknown): string {
  const own = textProperty(message, 'refusal')
  if (own !== '') return own
  const content = property(message, 'content')
  return Array.isArray(content) ? content.map((part) => textProperty(part, 'refusal')).join('') : ''
}
