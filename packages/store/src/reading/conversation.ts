import { memberOf, textOf } from './json.ts'
import { answeredBy, askedOf, type Message, messagesOf } from './messages.ts'
import { roleNamed, unwrappedMessage } from './wrapped-message.ts'

/**
 * What a step that is no model call was asked, where it was given a conversation: a list of messages, or the state of a graph that
 * has one. Of a state with more in it, all members, its messages in the form of all messages. Anything else is as it is.
 */
export function askedOfStep(value: unknown): unknown {
  const request = withoutSettings(value)
  const asked = said(request, 'user', askedOf)
  return asked === request ? value : asked
}

/** What such a step gave: its answer, where that is a conversation or a model's response, or has a last message. */
export function answeredByStep(value: unknown): unknown {
  const last = memberOf(value, 'last_message') ?? messageOfResponse(value)
  return isMessage(last)
    ? said([last], 'assistant', answeredBy)
    : said(value, 'assistant', answeredBy)
}

/** How a model is to answer, beside the messages of a request. */
const settings = /^(?:model|tools|config|tool_?choice|returnToolRequests|maxTurns)$/i

/** A request without its settings; a state of a graph with more than these is whole. */
function withoutSettings(value: unknown): unknown {
  if (!Array.isArray(memberOf(value, 'messages'))) return value
  const members = Object.entries(Object(value))
  const rest = Object.fromEntries(members.filter(([name]) => !settings.test(name)))
  return saysMore(rest) ? value : rest
}

/** The message of a response of Genkit, which has it beside why the model stopped and what it took. */
function messageOfResponse(value: unknown): unknown {
  const message = memberOf(value, 'message')
  const isOne = isSpoken(message) && memberOf(value, 'finishReason', 'usage') !== undefined
  return isOne && Object.keys(Object(value)).every((name) => response.test(name))
    ? message
    : undefined
}

const response =
  /^(?:message|finishReason|finishMessage|usage|latencyMs|custom|raw|request|operation)$/

function said(
  value: unknown,
  role: 'user' | 'assistant',
  of: (messages: readonly Message[]) => unknown,
): unknown {
  if (isSpoken(value)) return said([value], role, of)
  const listed = Array.isArray(value) ? value : memberOf(value, 'messages')
  if (!Array.isArray(listed) || listed.length === 0 || !listed.every(isMessage)) return value
  const messages = messagesOf(listed, role)
  if (!messages) return value
  if (Array.isArray(value) || !saysMore(value)) return of(messages)
  return { ...Object(value), messages }
}

/** Whether a state has more than messages: what is empty, a number or a flag says nothing. */
function saysMore(state: unknown): boolean {
  return Object.entries(Object(state)).some(
    ([name, member]) =>
      name !== 'messages' &&
      ((typeof member === 'string' && member !== '') ||
        (typeof member === 'object' && Object.keys(Object(member)).length > 0)),
  )
}

/** A message alone: a person's own object may have a role as well, but no content beside it. */
function isSpoken(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    isMessage(value) &&
    memberOf(unwrappedMessage(value), 'content') !== undefined
  )
}

function isMessage(item: unknown): boolean {
  const message = unwrappedMessage(item)
  return (
    roleNamed(memberOf(message, 'role')) !== undefined ||
    roleNamed(memberOf(memberOf(message, 'message'), 'role')) !== undefined ||
    textOf(memberOf(message, 'event.name')) !== undefined
  )
}
