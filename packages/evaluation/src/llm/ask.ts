import type { LlmCall } from '@trace2/store'
import { raise } from '../errors.ts'
import type { Llm } from './llm.ts'
import type { ChatMessage, ChatRequest } from './request.ts'
import { refusedInWords, unusableAnswer } from './unusable-answer.ts'

/**
 * The meaning of an answer, or what is wrong with it in words for the model. An answer may hold several texts that
 * could be meant; `meant` says whether this one is. By default a text that can be read is meant, and one that cannot be
 * read is not.
 */
export type Read<T> =
  | {
      readonly ok: true
      readonly value: T
      readonly meant?: 'perhaps' | undefined
      /** Why it is asked for once more, although it will do. */
      readonly doubt?: string | undefined
    }
  | { readonly ok: false; readonly fault: string; readonly meant?: 'perhaps' | 'surely' }

/** The result of {@link ask}. */
export interface Asked<T> {
  /** What was read from the answer. */
  readonly value: T
  /** All calls that were made for it, in order. */
  readonly calls: readonly LlmCall[]
}

/** Times an invalid answer is asked for again. */
export const defaultReasks = 2

/** Times that a model may refuse in words: the first time it may have misread what it was asked. */
const mostRefusals = 2

/**
 * Asks a model until its answer can be read without a doubt. It shows the model what was wrong, and asks again up to
 * `reasks` times, or once after a refusal in words. If no answer is without doubt, a doubtful one is used.
 *
 * @throws `T2_MODEL_ANSWER` if no answer was valid; `T2_MODEL_CUT_OFF`, `T2_MODEL_EMPTY`, `T2_MODEL_REFUSED` or
 * `T2_MODEL_FILTERED` if there was no answer to read. The calls are recorded as failed, with their raw answers. A
 * repeated question is then asked of the model and not of the store.
 */
export async function ask<T>(
  llm: Llm,
  purpose: string,
  request: ChatRequest,
  read: (text: string) => Read<T>,
  reasks: number = defaultReasks,
): Promise<Asked<T>> {
  const calls: LlmCall[] = []
  const faults: { readonly call: LlmCall; readonly fault: string }[] = []
  let messages: readonly ChatMessage[] = request.messages
  let doubtful: { readonly value: T } | undefined
  let refusals = 0
  for (let attempt = 0; ; attempt++) {
    const answered = await llm.call(purpose, { ...request, messages })
    const { text, call } = answered
    calls.push(call)
    let unusable = unusableAnswer(answered, request)
    let result: Read<T> = unusable ?? read(text)
    if (!result.ok && !unusable) {
      unusable = refusedInWords(text)
      if (unusable) refusals++
      result = unusable ?? result
    }
    if (result.ok && result.doubt === undefined) return { value: result.value, calls }
    if (result.ok) doubtful = { value: result.value }
    const isLast = attempt >= reasks || refusals >= mostRefusals
    if (isLast && doubtful) return { ...doubtful, calls }
    const fault = (result.ok ? result.doubt : result.fault)?.replace(/[.\s]+$/, '') ?? ''
    faults.push({ call, fault })
    if (isLast || unusable?.final) {
      for (const each of faults) await llm.fail(each.call, each.fault)
      throw raise(
        unusable?.code ?? 'T2_MODEL_ANSWER',
        `${request.model} gave no valid answer in ${attempt + 1} ${attempt === 0 ? 'attempt' : 'attempts'} (calls ${calls.map(({ id }) => id).join(', ')}). The last fault: ${fault}.`,
      )
    }
    messages = [
      ...request.messages,
      { role: 'assistant', content: inShort(text) },
      {
        role: 'user',
        content: `This answer cannot be used: ${fault}. Answer again, completely and in the form asked for (attempt ${attempt + 2} of ${reasks + 1}).`,
      },
    ]
  }
}

/** Most that is repeated to a model of its own invalid answer: what was asked may have filled the prompt already. */
const repeated = 2000

function inShort(answer: string): string {
  if (answer.length <= repeated) return answer
  const half = repeated / 2
  return `${answer.slice(0, half)}\n[…]\n${answer.slice(-half)}`.toWellFormed()
}
