import { memberOf, textOf } from './json.ts'
import { answeredBy, askedOf, type Message, messagesOf } from './messages.ts'
import { roleNamed, unwrappedMessage } from './wrapped-message.ts'

/**
 * What a step that is no model call was asked, where it was given a conversation: a list of messages, or the state of a graph that
 * has one. Of a state with more in it, all members, its messages in the form of all messages. Anything else is as it is.
 */
export function askedOfStep(value: unknown): unknown {
  return said(value, 'user', askedOf)
}

/** What such a step gave: its answer, where that is a conversation or has a last message. */
export function answeredByStep(value: unknown): unknown {
  const last = memberOf(value, 'last_message')
  return isMessage(last)
    ? said([last], 'assistant', answeredBy)
    : said(value, 'assistant', answeredBy)
}

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
