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
  const take = (name: string, body: unknown) => {
    // Where content is not captured, an event says only that there was a message.
    if (!messagesOf([{ 'event.name': name, ...objectOf(body) }], 'user')) return
    if (name === 'gen_ai.choice') output.push({ 'event.name': name, ...objectOf(body) })
    else input.push({ 'event.name': name, ...objectOf(body) })
  }
  for (const { name, attributes: own } of events) {
    if (name === 'gen_ai.content.prompt') copy(own, 'gen_ai.prompt', added)
    else if (name === 'gen_ai.content.completion') copy(own, 'gen_ai.completion', added)
    else if (name === OPERATION_DETAILS) for (const [key, value] of own) added.set(key, value)
    else if (name === TOOL_OUTPUT) {
      const said = own.get('output') ?? own.get('content')
      if (said !== undefined) added.set(TOOL_OUTPUT, said)
    } else if (messageEvents.has(name)) {
      take(name, structured(textAt(own, 'gen_ai.event.content') ?? plain(own)))
    }
  }
  for (const { name, body } of notes) {
    const said = isTooDeep(body) ? undefined : structured(JSON.parse(body))
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
    const answer = list.findIndex(list.some(isChoice) ? isChoice : isModelMessage)
    for (const event of list.slice(0, answer < 0 ? list.length : answer)) input.push(event)
    if (answer >= 0 && key === 'events') for (const event of list.slice(answer)) output.push(event)
  }
  if (input.length > 0) added.set(EVENT_INPUT, JSON.stringify(input))
  if (output.length > 0) added.set(EVENT_OUTPUT, JSON.stringify(output))
  return added.size === 0 ? attributes : new Map([...added, ...attributes])
}

/** What is not input begins, in `events`, with the choice; in a whole conversation with the model's first message. */
function isChoice(event: unknown): boolean {
  return memberOf(event, 'event.name') === 'gen_ai.choice'
}

function isModelMessage(event: unknown): boolean {
  const role = memberOf(event, 'role')
  return role === 'assistant' || role === 'model'
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
