import { entryOf, memberOf, textOf } from './json.ts'
import { printedMessage } from './printed-message.ts'
import { CLASS } from './python-literal.ts'

/** Roles by what frameworks call a message, in lower case and without `message` and `chunk` at the end. */
const roles: Readonly<Record<string, string>> = {
  system: 'system',
  developer: 'system',
  human: 'user',
  user: 'user',
  ai: 'assistant',
  assistant: 'assistant',
  model: 'assistant',
  tool: 'tool',
  toolresult: 'tool',
  function: 'tool',
  // Those of smolagents.
  'tool-call': 'assistant',
  'tool-response': 'tool',
}

/** The role that a name stands for: `HumanMessage`, `AIMessageChunk`, `model`. `undefined` of any other. */
export function roleNamed(name: unknown): string | undefined {
  const text = textOf(name)
  if (text === undefined) return undefined
  const bare = text
    .toLowerCase()
    .replace(/chunk$/, '')
    .replace(/message$/, '')
  return entryOf(roles, bare)
}

/**
 * A message without what its framework packs around it; anything else as it is. LangChain writes a message as a constructor
 * (`{lc: 1, type: 'constructor', id: […, 'SystemMessage'], kwargs: {…}}`), as `{type: 'human', data: {…}}`, and as
 * `{type: 'human', content: …}`; others as the text that Python prints of it.
 */
export function unwrappedMessage(written: unknown): unknown {
  const item = typeof written === 'string' ? (printedMessage(written) ?? written) : written
  const packed = memberOf(item, 'lc') === undefined ? undefined : memberOf(item, 'kwargs')
  if (packed !== undefined) {
    const id = memberOf(item, 'id')
    const role = roleNamed(Array.isArray(id) ? id.at(-1) : undefined)
    return withRole(packed, role)
  }
  const role = roleNamed(memberOf(item, 'type', CLASS))
  if (role === undefined) return item === written ? item : withRole(item, undefined)
  return withRole(memberOf(item, 'data') ?? item, role)
}

function withRole(message: unknown, role: string | undefined): unknown {
  if (typeof message !== 'object' || message === null) return message
  const own = textOf(memberOf(message, 'role')) ?? role ?? roleNamed(memberOf(message, 'type'))
  const calls = memberOf(message, 'tool_calls')
  const additional = memberOf(message, 'additional_kwargs')
  const extra = memberOf(additional, 'tool_calls')
  const answered = memberOf(message, 'tool_call_id') ?? memberOf(additional, 'tool_call_id')
  const none = calls === undefined || (Array.isArray(calls) && calls.length === 0)
  return {
    ...message,
    // `type` says of a part what it is; here it has said of the message whose it is.
    ...(roleNamed(memberOf(message, 'type')) === undefined ? {} : { type: undefined }),
    ...(own === undefined ? {} : { role: own }),
    ...(none && extra !== undefined ? { tool_calls: extra } : {}),
    ...(answered === undefined ? {} : { tool_call_id: answered }),
  }
}

/** Whether a value is a message that a tool sent, in any of the forms. */
export function isToolMessage(item: unknown): boolean {
  return roleNamed(memberOf(unwrappedMessage(item), 'role')) === 'tool'
}
