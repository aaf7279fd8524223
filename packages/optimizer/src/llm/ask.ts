import type { LlmCall } from '@trace2/collector/store'
import { raise } from '../errors.ts'
import type { Llm } from './llm.ts'
import type { ChatMessage, ChatRequest } from './request.ts'

/** What an answer means, or what is wrong with it, in words that the model is shown. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string }

export interface Asked<T> {
  readonly value: T
  /** Every call that led to it, the first first. */
  readonly calls: readonly LlmCall[]
}

/** Times an invalid answer is asked for again. */
export const defaultReasks = 2

/**
 * Asks until the answer can be read, showing the model what was wrong, a fixed number of times.
 *
 * @throws `T2_MODEL_ANSWER` where no answer was valid: the last call is recorded as failed, with its raw answer.
 */
export async function ask<T>(
  llm: Llm,
  purpose: string,
  request: ChatRequest,
  read: (text: string) => Read<T>,
  reasks: number = defaultReasks,
): Promise<Asked<T>> {
  const calls: LlmCall[] = []
  let messages: readonly ChatMessage[] = request.messages
  for (let attempt = 0; ; attempt++) {
    const { text, finishReason, call } = await llm.call(purpose, { ...request, messages })
    calls.push(call)
    const result = finishReason === 'length' ? cutOff : read(text)
    if (result.ok) return { value: result.value, calls }
    if (attempt >= reasks) {
      await llm.fail(call, result.fault)
      throw raise(
        'T2_MODEL_ANSWER',
        `${request.model} gave no valid answer in ${attempt + 1} attempts (calls ${calls.map(({ id }) => id).join(', ')}). The last fault: ${result.fault}`,
      )
    }
    messages = [
      ...request.messages,
      { role: 'assistant', content: inShort(text) },
      {
        role: 'user',
        content: `This answer cannot be used: ${result.fault}. Answer again, completely and in the form asked for (attempt ${attempt + 2} of ${reasks + 1}).`,
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

const cutOff = { ok: false, fault: 'it was cut off; be shorter' } as const

/** Reads an answer as JSON, also where an endpoint without structured output puts words around it. */
export function asJson<T>(read: (json: unknown) => Read<T>): (text: string) => Read<T> {
  return (text) => {
    for (const candidate of jsonTexts(text)) {
      let json: unknown
      try {
        json = JSON.parse(candidate)
      } catch {
        continue
      }
      return read(json)
    }
    return { ok: false, fault: 'it is not a JSON object' }
  }
}

/** The text, and what is in its braces, the last first: a model may think aloud before it answers. */
function jsonTexts(text: string): string[] {
  return [text, ...bracedIn(text).reverse()]
}

/** Braces that are looked into: a text of nothing else would take long. */
const mostBraces = 50

/** What stands in braces and is JSON, the outermost only. */
function bracedIn(text: string): string[] {
  const found: string[] = []
  let from = text.indexOf('{')
  for (let tried = 0; from >= 0 && tried < mostBraces; tried++) {
    const end = closingBrace(text, from)
    const inside = text.slice(from, end)
    if (end > from && isJson(inside)) found.push(inside)
    from = text.indexOf('{', found.at(-1) === inside ? end : from + 1)
  }
  return found
}

/** The position after the brace that closes the one at `from`, braces in strings aside; 0 where none does. */
function closingBrace(text: string, from: number): number {
  let depth = 0
  for (const { 0: token, index } of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === '{') depth++
    else if (token === '}') depth--
    if (depth === 0) return from + index + 1
  }
  return 0
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
