import { parseWithIds } from '../json-numbers.ts'
import type { AnyValue, Attributes, SpanEvent } from '../otlp/index.ts'
import { EVENT_INPUT, EVENT_OUTPUT } from './dialects/index.ts'
import { messageEvents, OPERATION_DETAILS, TOOL_OUTPUT } from './event-names.ts'
import { plain } from './flattened.ts'
import { isTooDeep, memberOf, structured } from './json.ts'
import type { SpanNote } from './logs.ts'
import { messagesOf } from './messages.ts'
import { textAt } from './read.ts'

/** Attributes in which conventions up to 1.36 and Pydantic AI keep all events of a call or a run. */
export const eventLists = ['events', 'all_messages_events', 'pydantic_ai.all_messages'] as const

/**
 * A span's attributes with what its events and logs say: messages under {@link EVENT_INPUT} and {@link EVENT_OUTPUT},
 * the attributes of an operation's details as the span's own. What stands on the span itself is never replaced.
 */
export function withEvents(
  attributes: Attributes,
  events: readonly SpanEvent[],
  notes: readonly SpanNote[],
): Attributes {
  const added = new Map<string, AnyValue>()
  const input: unknown[] = []
  const output: unknown[] = []
  // What comes as input later is what a call has given on the way.
  const detail = (key: string, value: AnyValue) => {
    if (key !== 'gen_ai.input.messages' || !added.has(key)) added.set(key, value)
  }
  const take = (name: string, body: unknown) => {
    // Where content is not captured, an event says only that there was a message.
    if (!messagesOf([{ 'event.name': name, ...objectOf(body) }], 'user')) return
    if (name === 'gen_ai.choice') output.push({ 'event.name': name, ...objectOf(body) })
    else input.push({ 'event.name': name, ...objectOf(body) })
  }
  for (const { name, attributes: own } of events) {
    if (name === 'gen_ai.content.prompt') copy(own, 'gen_ai.prompt', added)
    else if (name === 'gen_ai.content.completion') copy(own, 'gen_ai.completion', added)
    else if (name === OPERATION_DETAILS) for (const [key, value] of own) detail(key, value)
    else if (name === TOOL_OUTPUT) {
      const said = own.get('output') ?? own.get('content')
      if (said !== undefined) added.set(TOOL_OUTPUT, said)
    } else if (messageEvents.has(name)) {
      take(name, structured(textAt(own, 'gen_ai.event.content') ?? plain(own)))
    }
  }
  for (const { name, body } of notes) {
    const said = isTooDeep(body) ? undefined : structured(parseWithIds(body))
    if (name !== OPERATION_DETAILS) take(name, said)
    else {
      for (const [key, value] of Object.entries(objectOf(said))) {
        added.set(key, typeof value === 'object' ? JSON.stringify(value) : scalar(value))
      }
    }
  }
  for (const key of eventLists) {
    const list = structured(attributes.get(key))
    if (!Array.isArray(list) || input.length + output.length > 0) continue
    const answer = answerIn(list, key === 'events')
    for (const event of list.slice(0, answer)) input.push(event)
    if (key === 'events') for (const event of list.slice(answer)) output.push(event)
  }
  if (input.length > 0) added.set(EVENT_INPUT, JSON.stringify(input))
  if (output.length > 0) added.set(EVENT_OUTPUT, JSON.stringify(output))
  return added.size === 0 ? attributes : new Map([...added, ...attributes])
}

/**
 * Where in a list of messages the input ends. Of a model's call, what it said begins with the choice, or else is what an
 * assistant says last; of an agent's run, it is all that comes after the user's last message.
 */
function answerIn(list: readonly unknown[], ofCall: boolean): number {
  const choice = list.findIndex((event) => memberOf(event, 'event.name') === 'gen_ai.choice')
  if (choice >= 0) return choice
  if (ofCall) return list.findLastIndex((event) => !isModelMessage(event)) + 1
  const asked = list.findLastIndex(isQuestion)
  return asked < 0 ? list.length : asked + 1
}

function isModelMessage(event: unknown): boolean {
  const role = memberOf(event, 'role')
  return role === 'assistant' || role === 'model'
}

/** A message of a user, where it is not what a tool answered. */
function isQuestion(event: unknown): boolean {
  if (memberOf(event, 'role') !== 'user') return false
  const parts = memberOf(event, 'parts')
  return !Array.isArray(parts) || parts.some((part) => memberOf(part, 'type') === 'text')
}

function copy(from: Attributes, key: string, into: Map<string, AnyValue>): void {
  const value = from.get(key)
  if (value !== undefined) into.set(key, value)
}

function objectOf(body: unknown): object {
  if (typeof body === 'string') return { content: body }
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}
}

function scalar(value: unknown): AnyValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null
}
