import { instructionsText } from './instructions.ts'
import { entryOf, memberOf, structured, textOf } from './json.ts'
import {
  type Part,
  partsOf,
  resultValue,
  type ToolCall,
  textBelowText,
  textOfParts,
} from './message-parts.ts'
import { uiMessages } from './ui-message.ts'
import { roleNamed, unwrappedMessage } from './wrapped-message.ts'

/** A message of a conversation with a model, whatever convention it was written in. */
export interface Message {
  readonly role: string
  /** Text, or the parts where some are not text. */
  readonly content?: unknown
  readonly reasoning?: string
  readonly tool_calls?: readonly ToolCall[]
  /** Of a `tool` message: the call that it answers. */
  readonly tool_call_id?: string
}

/**
 * Messages in a value of any of the known shapes: a list of messages, a request or a response that holds one, a
 * text. `undefined` where none is found in it.
 */
export function messagesOf(value: unknown, role: 'user' | 'assistant'): Message[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : messageOf(value, role)
  if (Array.isArray(value)) {
    // A batch is a list of lists.
    const found = value.flatMap((item) => {
      const said = writtenMessage(item)
      return (Array.isArray(said) ? messagesOf(said, role) : messageOf(said, role)) ?? []
    })
    return found.length > 0 ? found : undefined
  }
  const before = instructionsIn(value)
  const held = isMessage(value) ? undefined : memberOf(value, ...holders)
  if (held !== undefined) {
    const inside = messagesOf(structured(held), role)
    if (inside) return [...before, ...inside]
  }
  return messageOf(value, role)
}

/** The message that a text is as JSON: attributes have lists of texts only. Any other item is as it is. */
function writtenMessage(item: unknown): unknown {
  const inside = typeof item === 'string' && item.startsWith('{') ? structured(item) : item
  const says = memberOf(inside, 'content', 'parts', 'tool_calls', 'kwargs', 'data') !== undefined
  return says && isMessage(inside) ? inside : item
}

/** Members of a request or a response that hold its messages. */
const holders = [
  ...['messages', 'choices', 'generations', 'candidates', 'contents'],
  ...['replies', 'input', 'prompt', 'output'],
] as const

/** A message of its own has a role, or is one that a framework has packed. */
function isMessage(value: unknown): boolean {
  return (
    memberOf(value, 'role', 'lc') !== undefined ||
    (roleNamed(memberOf(value, 'type')) !== undefined &&
      memberOf(value, 'content', 'data') !== undefined)
  )
}

/** System instructions that stand beside the messages of a request. */
function instructionsIn(value: unknown): readonly Message[] {
  const said =
    memberOf(value, 'system', 'instructions', ...instructionNames) ??
    memberOf(structured(memberOf(value, 'config', 'generationConfig')), ...instructionNames)
  const text = instructionsText(said)
  return text === undefined ? [] : [{ role: 'system', content: text }]
}

const instructionNames = [
  ...['system_instruction', 'systemInstruction', 'system_prompt', 'systemPrompt'],
] as const

/**
 * What a model or an agent said: its text if that is all, else the message or messages. Calls of tools that are
 * answered in the same breath are on the way to it.
 */
export function saidBy(said: readonly Message[]): unknown {
  const messages = withoutAnswered(said)
  const [only] = messages
  if (messages.length !== 1 || !only) return messages
  const { content, tool_calls, reasoning } = only
  return typeof content === 'string' && !tool_calls && reasoning === undefined ? content : only
}

/** An agent's final answer: what its model said last, without the calls of tools on the way to it. */
export function answeredBy(messages: readonly Message[]): unknown {
  const isAnswer = ({ role, content, tool_calls: calls }: Message) =>
    role === 'assistant' && content !== undefined && calls === undefined
  const before = messages.findLastIndex((message) => !isAnswer(message))
  const answer = messages.slice(before + 1)
  return saidBy(answer.length > 0 ? answer : messages)
}

function withoutAnswered(messages: readonly Message[]): readonly Message[] {
  const answered = new Set(messages.flatMap(({ tool_call_id }) => tool_call_id ?? []))
  if (answered.size === 0) return messages
  const rest = messages.flatMap(({ tool_calls: calls, ...message }): Message[] => {
    if (message.tool_call_id !== undefined) return []
    const open = calls?.filter(({ id }) => id === undefined || !answered.has(id)) ?? []
    if (open.length > 0) return [{ ...message, tool_calls: open }]
    return message.content === undefined ? [] : [message]
  })
  return rest.length > 0 ? rest : messages
}

/** What an agent was asked: the text of the one message of a user if that is all, else the messages. */
export function askedOf(messages: readonly Message[]): unknown {
  const spoken = messages.filter(({ role }) => role !== 'system')
  const [only] = spoken
  return spoken.length === 1 && only?.role === 'user' && typeof only.content === 'string'
    ? only.content
    : spoken
}

/** A tool's answer is a message of its own, wherever it was written. */
function messageOf(packed: unknown, fallback: string): Message[] | undefined {
  const item = unwrappedMessage(packed)
  const parted = uiMessages(item)
  if (parted) return parted.flatMap((one) => messageOf(one, fallback) ?? [])
  if (typeof item === 'string') return [{ role: fallback, content: item }]
  // OpenInference, OpenAI's choices, `gen_ai.choice`: the message is one level down.
  const inner = structured(memberOf(item, 'message', 'prompt', 'completion'))
  if (Array.isArray(inner)) return messageOf({ role: fallback, content: inner }, fallback)
  if (typeof inner === 'object' && inner !== null) return messageOf(inner, fallback)
  // A candidate of Gemini has its message as `content`.
  const content = memberOf(item, 'content')
  if (Array.isArray(memberOf(content, 'parts'))) return messageOf(content, fallback)
  // An event of a choice may have no more than its text there.
  const parts = partsOf(
    typeof inner === 'string' && content === undefined ? { content: inner } : item,
  )
  const callId = textOf(memberOf(item, 'tool_call_id', 'toolCallId'))
  if (parts.length === 0) {
    const isEmptyAnswer = isToolRole(roleOf(item, parts, fallback)) && isBlank(content)
    return isEmptyAnswer ? [answer(callId, content)] : undefined
  }
  // What answers a call is a tool's, whoever is said to have said it: of Bedrock, the user.
  const isAnswer = callId !== undefined && parts.every(({ kind }) => kind === 'text')
  const role = isAnswer ? 'tool' : roleOf(item, parts, fallback)
  const eventId = isToolRole(role) ? textOf(memberOf(item, 'id', 'call_id')) : undefined
  if (isToolRole(role) && parts.every(({ kind }) => kind === 'text')) {
    return [answer(callId ?? eventId, resultValue(textOfParts(parts)))]
  }
  const answers = parts.flatMap((part) =>
    part.kind === 'tool_result' ? [answer(part.id, part.result)] : [],
  )
  const rest = parts.filter(({ kind }) => kind !== 'tool_result')
  return rest.length === 0 ? answers : [...answers, assembled(role, rest)]
}

/** Content that is there, and has nothing in it. */
function isBlank(content: unknown): boolean {
  return content === '' || (Array.isArray(content) && content.length === 0)
}

function isToolRole(role: string): boolean {
  return role === 'tool' || role === 'function'
}

function answer(id: string | undefined, content: unknown): Message {
  return { role: 'tool', ...(id === undefined ? {} : { tool_call_id: id }), content }
}

function assembled(role: string, parts: readonly Part[]): Message {
  const calls = completeCalls(
    parts.flatMap((part) => (part.kind === 'tool_call' ? [part.call] : [])),
  )
  const reasoning = parts.flatMap((part) =>
    part.kind === 'reasoning' && part.text !== '' ? [part.text] : [],
  )
  const content = parts.filter(({ kind }) => kind === 'text' || kind === 'other')
  const plain = content.every(({ kind }) => kind === 'text')
  const textOfAll = role === 'assistant' ? textOfParts : textBelowText
  return {
    role,
    ...(content.length > 0 && {
      content: plain
        ? textOfAll(content)
        : content.map((part) =>
            part.kind === 'other' ? part.value : { type: 'text', content: textOfParts([part]) },
          ),
    }),
    ...(reasoning.length > 0 && { reasoning: reasoning.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

/** Of a call that came in pieces, LlamaIndex keeps each: those before the last have no arguments yet, or a part of their text. */
function completeCalls(calls: readonly ToolCall[]): readonly ToolCall[] {
  if (calls.length < 2) return calls
  const last = new Map(calls.map((call, at) => [call.id, at]))
  return calls.filter((call, at) => {
    const isWhole =
      typeof call.arguments === 'object' && Object.keys(Object(call.arguments)).length > 0
    return call.id === undefined || isWhole || last.get(call.id) === at
  })
}

const eventRoles: Readonly<Record<string, string>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
  'gen_ai.choice': 'assistant',
}

function roleOf(item: unknown, parts: readonly Part[], fallback: string): string {
  const event = textOf(memberOf(item, 'event.name'))
  const role = textOf(memberOf(item, 'role')) ?? (event && entryOf(eventRoles, event))
  if (role !== undefined) return roleNamed(role) ?? role
  return parts.some(({ kind }) => kind === 'tool_call') ? 'assistant' : fallback
}
