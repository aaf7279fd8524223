import type { Outcome } from './endpoint.ts'
import { isObject, member, textOf } from './json.ts'

/** What an endpoint says of a call that failed, as an error without a stack: it happened elsewhere. */
export function failureFrom(error: unknown, fallback: string, kind = 'ErrorResponse'): Error {
  const message = textOf(error) ?? textOf(member(error, 'message')) ?? fallback
  const name = textOf(member(error, 'code')) ?? textOf(member(error, 'type')) ?? kind
  return Object.assign(new Error(message), { name, stack: undefined })
}

/** How much of an answer that nobody can read is shown. */
const shownLength = 200

/** The outcome of an answer with which the client was content, and which is none: an error, or a page of HTML. */
export function unanswered(response: unknown): Outcome | undefined {
  const failure = failureIn(response)
  return failure && { output: undefined, attributes: {}, messages: [], returned: [], failure }
}

function failureIn(response: unknown): Error | undefined {
  if (typeof response === 'string') {
    const beginning = response.slice(0, shownLength)
    return failureFrom(`The answer is no JSON: ${beginning}`, '', 'UnreadableResponse')
  }
  if (!isObject(response)) return undefined
  const fallback = 'The endpoint answered with an error.'
  if (isError(response.error)) return failureFrom(response.error, fallback)
  return response.object === 'error' ? failureFrom(response, fallback) : undefined
}

/** Whether a member that is there in each answer says that something went wrong. */
export function isError(error: unknown): boolean {
  return textOf(error) !== undefined || isObject(error)
}
