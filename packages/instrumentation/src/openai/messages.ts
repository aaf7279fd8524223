import { listMember, member, textMember } from './json.ts'

/** A message as OpenTelemetry's GenAI conventions write it. */
export interface GenAiMessage {
  readonly role: string
  readonly parts: readonly Part[]
  readonly finish_reason?: string
}

export type Part =
  | { readonly type: 'text' | 'reasoning'; readonly content: string }
  | {
      readonly type: 'tool_call'
      readonly id: unknown
      readonly name: unknown
      readonly arguments: unknown
    }
  | { readonly type: 'tool_call_response'; readonly id: unknown; readonly response: unknown }
  | { readonly type: 'uri'; readonly modality: string; readonly uri: unknown }
  | { readonly type: 'generic'; readonly content: unknown }

/** Messages of a chat completion's request. */
export function chatMessages(messages: unknown): GenAiMessage[] {
  return asList(messages).map((message) => chatMessage(message))
}

/** The choices of a chat completion. */
export function chatChoices(completion: unknown): GenAiMessage[] {
  return listMember(completion, 'choices').map((choice) => ({
    ...chatMessage(member(choice, 'message')),
    finish_reason: textMember(choice, 'finish_reason') ?? 'stop',
  }))
}

function chatMessage(message: unknown): GenAiMessage {
  const role = textMember(message, 'role') ?? 'assistant'
  const content = member(message, 'content')
  if (role === 'tool') {
    const id = member(message, 'tool_call_id')
    return { role, parts: [{ type: 'tool_call_response', id, response: content }] }
  }
  const calls = listMember(message, 'tool_calls').map((call): Part => {
    const called = member(call, 'function') ?? member(call, 'custom')
    const input = member(called, 'arguments') ?? member(called, 'input')
    return {
      type: 'tool_call',
      id: member(call, 'id'),
      name: member(called, 'name'),
      arguments: parsedArguments(input),
    }
  })
  return { role, parts: [...contentParts(content), ...calls] }
}

function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return [{ type: 'text', content }]
  return asList(content).map((part): Part => {
    const text = textMember(part, 'text') ?? textMember(part, 'refusal')
    if (text !== undefined) return { type: 'text', content: text }
    const image = member(member(part, 'image_url'), 'url') ?? member(part, 'image_url')
    return typeof image === 'string'
      ? { type: 'uri', modality: 'image', uri: image }
      : { type: 'generic', content: part }
  })
}

/** The input of a response: one text, or a list of items. */
export function responseInput(input: unknown): GenAiMessage[] {
  if (typeof input === 'string')
    return [{ role: 'user', parts: [{ type: 'text', content: input }] }]
  return asList(input).map((item) => responseItem(item, 'user'))
}

/** The output items of a response, as one message of the assistant. */
export function responseOutput(response: unknown): GenAiMessage[] {
  const parts = listMember(response, 'output').flatMap(
    (item) => responseItem(item, 'assistant').parts,
  )
  const finish = textMember(response, 'status') === 'incomplete' ? 'length' : 'stop'
  return [{ role: 'assistant', parts, finish_reason: finish }]
}

function responseItem(item: unknown, author: string): GenAiMessage {
  const type = textMember(item, 'type')
  const id = member(item, 'call_id')
  if (type === 'function_call') {
    const input = parsedArguments(member(item, 'arguments'))
    return {
      role: 'assistant',
      parts: [{ type: 'tool_call', id, name: member(item, 'name'), arguments: input }],
    }
  }
  if (type === 'function_call_output') {
    return {
      role: 'tool',
      parts: [{ type: 'tool_call_response', id, response: member(item, 'output') }],
    }
  }
  if (type === 'reasoning') {
    const parts = listMember(item, 'summary').map((part): Part => {
      return { type: 'reasoning', content: textMember(part, 'text') ?? '' }
    })
    return { role: 'assistant', parts }
  }
  const content = member(item, 'content')
  const parts: Part[] =
    content === undefined ? [{ type: 'generic', content: item }] : contentParts(content)
  return { role: textMember(item, 'role') ?? author, parts }
}

function parsedArguments(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
