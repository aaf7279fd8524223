import { memberOf, structured } from '../json.ts'
import { argumentsValue, resultValue } from '../message-parts.ts'
import { type Message, messagesOf } from '../messages.ts'
import { printedPart } from '../printed-part.ts'
import { CLASS, pythonObject } from '../python-literal.ts'
import { uiMessages } from '../ui-message.ts'
import { roleNamed, unwrappedMessage } from '../wrapped-message.ts'

/** A message of a conversation within an unpacked value. */
export class UnpackedMessage {
  readonly message: Message

  constructor(message: Message) {
    this.message = message
  }
}

/** A value without the packaging of frameworks; `packed` says whether it had any. */
export interface Unpacked {
  readonly value: unknown
  readonly packed: boolean
}

/**
 * Takes the packaging of a framework off a value: constructors, what Python prints of objects, members that say how a call was
 * made and not what it was about, objects of which only an address is left, files in base64. Messages become
 * {@link UnpackedMessage}. A value without such things is returned as it is.
 */
export function unpacked(value: unknown): Unpacked {
  const unpacking = new Unpacking()
  const found = unpacking.of(value, 0)
  return unpacking.packed ? { value: found, packed: true } : { value, packed: false }
}

/** Values inside one another that are looked at; what is deeper stays as it is. */
const MAX_DEPTH = 40

/** Of more numbers in a list than these, such as an embedding has, it is told how many there are. */
const MOST_NUMBERS = 200

class Unpacking {
  packed = false

  of(value: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) return value
    if (typeof value === 'string') return this.#text(value, depth)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      if (value.length > MOST_NUMBERS && value.every((item) => typeof item === 'number')) {
        this.packed = true
        return `[${value.length} numbers]`
      }
      const items = value.map((item) => this.of(item, depth + 1))
      return items.filter((item) => item !== undefined)
    }
    return this.#object(value, depth)
  }

  /** A text that holds a packed value as JSON or as Python prints it; any other one stands for itself. */
  #text(text: string, depth: number): unknown {
    if (address.test(text)) return this.#dropped()
    const short = withoutFields(withoutFiles(text))
    if (short !== text) {
      this.packed = true
      return short
    }
    const inside = /^\s*[[{]/.test(text) ? structured(text) : pythonObject(text)
    if (typeof inside !== 'object' || inside === null) return text
    const within = new Unpacking()
    const found = within.of(inside, depth + 1)
    if (!within.packed) return text
    this.packed = true
    return found
  }

  #object(value: object, depth: number): unknown {
    const parted = uiMessages(value)
    if (parted) {
      this.packed = true
      return parted.map((one) => this.of(one, depth + 1))
    }
    const results = resultIn(value)
    if (results) {
      this.packed = true
      return results.map(
        (one) => new UnpackedMessage({ ...one, content: this.#content(one.content, depth) }),
      )
    }
    const message = messageIn(value) ?? namedMessageIn(value) ?? answerIn(value) ?? callIn(value)
    if (message) {
      this.packed = true
      const { content } = message
      const printed = typeof content === 'string' ? printedMessage(content) : undefined
      if (printed) return this.of(printed, depth + 1)
      return new UnpackedMessage({ ...message, content: this.#content(content, depth) })
    }
    // What an agent of LiveKit may use from then on is among the things that were said.
    if (memberOf(value, 'type') === 'agent_config_update') return this.#dropped()
    const call = stepCallIn(value)
    if (call !== undefined) {
      this.packed = true
      return this.of(call, depth + 1)
    }
    const constructed = memberOf(value, 'lc') === undefined ? undefined : memberOf(value, 'kwargs')
    if (constructed !== undefined) {
      this.packed = true
      return this.of(constructed, depth + 1)
    }
    if (memberOf(value, 'lc') !== undefined && memberOf(value, 'type') !== undefined) {
      return this.#dropped()
    }
    const described = descriptionIn(value)
    if (described !== undefined) {
      this.packed = true
      return described
    }
    const choices = responseIn(value)
    if (choices !== undefined) {
      this.packed = true
      return this.of(choices, depth + 1)
    }
    const entries = Object.entries(value)
    const isDump = isDumped(entries)
    const kept: [string, unknown][] = []
    for (const [name, member] of entries) {
      if (
        isPackaging(name) ||
        isUsage(name, member) ||
        (isDump && (isEmpty(member) || isOwnId(name, member)))
      ) {
        this.packed = true
        continue
      }
      const found = this.of(member, depth + 1)
      if (found !== undefined) kept.push([name, found])
    }
    return Object.fromEntries(kept)
  }

  /** A message's text is what was said, whatever it looks like; its other parts may have files in them. */
  #content(content: unknown, depth: number): unknown {
    return typeof content === 'string' ? withoutFiles(content) : this.of(content, depth + 1)
  }

  #dropped(): undefined {
    this.packed = true
    return undefined
  }
}

/** An object that says no more than where it was in memory. */
const address =
  /^<(?:[^<>\n]{1,300}(?: object| at 0x[0-9a-fA-F]+)|class '[^'\n]{1,300}'|[\w.]{1,200}\(.{0,5000}\) -> [\w.]{1,200})>$/s

/** Members that say how a call was made, or what it took, in any framework. */
const packaging: ReadonlySet<string> = new Set([
  ...['additional_kwargs', 'response_metadata', 'usage_metadata', 'invalid_tool_calls'],
  ...['token_usage', 'system_fingerprint', 'logprobs', 'callbacks', 'run_manager', 'run_id'],
  ...['parent_run_id', 'remaining_steps', 'is_last_step', 'recursion_limit', 'configurable'],
  ...['lc_attributes', 'lc_kwargs', 'lc_namespace', 'lc_serializable', '__type', '__dataclass__'],
  ...[
    'memory_step',
    'init_state',
    'instrument_tags',
    'security_config',
    'cache_handler',
    'trace_context',
    'otel_context',
    'lg_name',
    CLASS,
  ],
])

function isPackaging(name: string): boolean {
  return packaging.has(name) || /^(?:__pregel_|langgraph_|ls_)/.test(name)
}

/** How many tokens an answer took, beside it. */
function isUsage(name: string, value: unknown): boolean {
  return (
    name === 'usage' &&
    memberOf(value, 'totalTokens', 'total_tokens', 'inputTokens', 'input_tokens') !== undefined
  )
}

/** Members from which an object may be one of a framework, written with all its defaults. */
const LEAST_DUMPED = 8

function isDumped(entries: readonly (readonly [string, unknown])[]): boolean {
  if (entries.length < LEAST_DUMPED) return false
  const empty = entries.filter(([, member]) => isEmpty(member)).length
  const ids = entries.filter(([name, member]) => isOwnId(name, member)).length
  return (empty + ids) * 3 >= entries.length
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

const id = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64})$/i

function isOwnId(name: string, value: unknown): boolean {
  return /^(?:id|key|uuid|fingerprint)$/.test(name) && typeof value === 'string' && id.test(value)
}

/** What a model answered, out of a response of OpenAI's form with its usage and settings. */
function responseIn(value: object): unknown {
  const choices = memberOf(value, 'choices')
  return Array.isArray(choices) && memberOf(value, 'object', 'usage', 'created') !== undefined
    ? choices
    : undefined
}

/** What describes an agent or a tool of CrewAI, which writes either with all its settings. */
function descriptionIn(value: object): unknown {
  const names = [agentOfCrew, toolOfCrew].find((all) =>
    all.every((name) => typeof memberOf(value, name) === 'string'),
  )
  const isCrews = memberOf(value, 'allow_delegation', 'result_as_answer') !== undefined
  return names && isCrews
    ? Object.fromEntries(names.map((name) => [name, memberOf(value, name)]))
    : undefined
}

const agentOfCrew = ['role', 'goal', 'backstory'] as const
const toolOfCrew = ['name', 'description'] as const

/** The call for which a step of LangGraph runs: the state beside it is what all its steps have. */
function stepCallIn(value: object): unknown {
  return memberOf(value, '__type') === 'tool_call_with_context'
    ? memberOf(value, 'tool_call')
    : undefined
}

/**
 * A message whose role is a name: LangChain's handlers for other products call one after the tool that answered. There is nothing
 * else in it that says anything.
 */
function namedMessageIn(value: object): Message | undefined {
  const role = memberOf(value, 'role')
  const content = memberOf(value, 'content')
  if (typeof role !== 'string' || typeof content !== 'string' || content === '') return undefined
  const isOnly = Object.keys(value).every(
    (name) => /^(?:role|content)$/.test(name) || isPackaging(name),
  )
  return isOnly && /^[\w.-]+$/.test(role) ? { role, content } : undefined
}

/** A message, in any form that frameworks give one. */
function messageIn(value: object): Message | undefined {
  const plain = plainMessage(unwrappedMessage(renamed(value)))
  const role = roleNamed(memberOf(plain, 'role'))
  const has = memberOf(plain, 'content', 'parts', 'tool_calls', 'toolCalls', 'text')
  if (role === undefined || (has === undefined && !Object.hasOwn(Object(plain), 'content'))) {
    return undefined
  }
  const [message, ...more] = messagesOf(plain, role === 'assistant' ? 'assistant' : 'user') ?? []
  if (more.length > 0) return undefined
  const given = memberOf(plain, 'content')
  // What is an object, and no list of parts, is what the message says.
  const whole = role === 'tool' && typeof given === 'object' && !Array.isArray(given)
  return { ...(message ?? { role }), ...(whole ? { content: given } : {}) }
}

/** A call of a tool that stands for itself, with its id. */
function callIn(value: object): Message | undefined {
  const name = memberOf(value, 'name', 'tool_name', 'toolName')
  const given = memberOf(value, 'args', 'arguments', 'tool_kwargs')
  const call = memberOf(value, 'call_id', 'id', 'tool_id', 'tool_call_id', 'toolCallId')
  const isCall = typeof name === 'string' && typeof call === 'string' && given !== undefined
  const isItem = memberOf(value, 'type') === 'function_call'
  if (!isCall || (!isItem && Object.keys(value).length > MOST_CALL_MEMBERS)) return undefined
  return { role: 'assistant', tool_calls: [{ name, arguments: argumentsValue(given) }] }
}

/** An object with more is not the call alone: its result may be in it. */
const MOST_CALL_MEMBERS = 5

/** The answer of a tool of LlamaIndex, after the call where that is beside it: all of what it was is there several times. */
function resultIn(value: object): readonly Message[] | undefined {
  const held = memberOf(value, 'tool_output') ?? value
  const content = memberOf(held, 'raw_output')
  if (content === undefined || memberOf(held, 'raw_input') === undefined) return undefined
  const answer: Message = { role: 'tool', content: resultValue(content) }
  const name = memberOf(value, 'tool_name')
  const given = memberOf(value, 'tool_kwargs')
  if (typeof name !== 'string' || given === undefined) return [answer]
  return [{ role: 'assistant', tool_calls: [{ name, arguments: argumentsValue(given) }] }, answer]
}

/** The answer of a tool as an item of a conversation, in the form of OpenAI's responses. */
function answerIn(value: object): Message | undefined {
  const content = memberOf(value, 'output')
  const isItem = memberOf(value, 'type') === 'function_call_output'
  return isItem && content !== undefined
    ? { role: 'tool', content: resultValue(content) }
    : undefined
}

/** The message that a text is, where Python has printed one. */
function printedMessage(text: string): object | undefined {
  const printed = pythonObject(text)
  if (typeof printed !== 'object' || printed === null || Array.isArray(printed)) return undefined
  return messageIn(printed) && printed
}

/** The message under `message`, where an item of a list is little beside it. */
function plainMessage(item: unknown): unknown {
  const inner = memberOf(item, 'message')
  const names = Object.keys(Object(item))
  const alone = names.every((name) => /^(?:message|index|finish_reason|logprobs|delta)$/.test(name))
  return alone && memberOf(inner, 'role') !== undefined ? inner : item
}

/** Members of printed messages by their names elsewhere: LlamaIndex's blocks, Haystack's private members, kinds by the class. */
function renamed(value: object): object {
  const of = memberOf(value, CLASS)
  const role = memberOf(value, 'role', '_role') ?? roleNamed(of)
  const content = memberOf(value, '_content', 'blocks')
  if (of === undefined && content === undefined) return value
  return {
    ...value,
    ...(role === undefined ? {} : { role }),
    ...(content === undefined
      ? {}
      : { content: Array.isArray(content) ? content.map(part) : content }),
  }
}

/** A part as {@link printedPart} has it; LlamaIndex has a call's arguments under a name of its own. */
function part(item: unknown): unknown {
  const printed = printedPart(item)
  const given = printed === item ? undefined : memberOf(item, 'tool_kwargs')
  return given === undefined ? printed : { ...Object(printed), arguments: given }
}

const dataUrl = /data:[\w.+-]{1,60}\/[\w.+-]{1,60};base64,([A-Za-z0-9+/=_-]{64,})/g
const longBase64 = /^[A-Za-z0-9+/_-]{256,}={0,2}$/

/** A text with its files in base64 replaced by how long they are. */
function withoutFiles(text: string): string {
  if (longBase64.test(text) && /[0-9]/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)) {
    return fileText(text.length)
  }
  return text.includes(';base64,')
    ? text.replace(dataUrl, (_all, data: string) => fileText(data.length))
    : text
}

/** Fields of a class, which Python prints of a signature with their types and defaults. */
const field = /^[ \t]+\w+ = Field\(annotation=[^\n]*\n?/gm

function withoutFields(text: string): string {
  if (text.includes('instructions=')) return text.replace(signature, '$1)')
  return text.includes(' = Field(annotation=') ? text.replace(field, '') : text
}

/** A signature of DSPy: what its fields and its instructions are, the model is told in the prompt. */
const signature = /^(\w*\(\w[^\n]{0,2000} -> \w[^\n]{0,2000})\n\s+instructions=.*$/s

function fileText(characters: number): string {
  return `[base64, ${characters} characters]`
}
