import { memberOf, textOf } from './json.ts'
import {
  argumentsValue,
  partsOf,
  resultValue,
  type ToolCall,
  textOfParts,
} from './message-parts.ts'
import { type Message, messagesOf } from './messages.ts'
import { pythonLiteral } from './python-literal.ts'
import { isToolMessage, unwrappedMessage } from './wrapped-message.ts'

/** What a tool answered, and what its message says of the call that it answered. */
export interface ToolAnswer {
  readonly value: unknown
  readonly callId: string | undefined
  /** The tool's. */
  readonly name?: string | undefined
}

/**
 * What a tool answered, without the message around it: LangChain's in any of its forms, that of MCP, and what Python prints of
 * one (`content='…' name='…' tool_call_id='…'`).
 */
export function toolAnswer(output: unknown): ToolAnswer {
  const given = onlyMember(output, 'output') ?? output
  const said = onlyMessage(given)
  if (said) {
    return { value: resultValue(said.content), callId: said.tool_call_id, name: toolOf(given) }
  }
  const held = onlyAnswer(given)
  // What calls several tools at once has no answer of its own.
  if (Array.isArray(held) && held.length > 1 && held.every(isToolMessage)) {
    return { value: held.map((message) => toolAnswer([message]).value), callId: undefined }
  }
  if (isToolMessage(held)) {
    const message = unwrappedMessage(held)
    const callId = textOf(memberOf(message, 'tool_call_id', 'toolCallId'))
    return { value: contentOf(message), callId, name: textOf(memberOf(message, 'name')) }
  }
  const response = functionResponse(held) ?? resultOfCall(held)
  if (response) return response
  if (typeof held === 'string')
    return printed(held) ?? { value: resultValue(held), callId: undefined }
  const returned = returnedIn(held)
  if (returned !== undefined) return { value: resultValue(returned), callId: undefined }
  return { value: isContent(held) ? contentOf(held) : (textIn(held) ?? held), callId: undefined }
}

/** The tool that a message in a list says it is of. Haystack has the call itself inside its result. */
function toolOf(list: unknown): string | undefined {
  const [message] = Array.isArray(list) ? list : []
  const content = memberOf(message, 'content')
  const [part] = Array.isArray(content) ? content : []
  const call = memberOf(memberOf(part, 'tool_call_result'), 'origin')
  return textOf(memberOf(message, 'name') ?? memberOf(call, 'tool_name'))
}

/** The message of a tool that is the only one of a list, or of a state of a graph that a command updates. */
function onlyAnswer(value: unknown): unknown {
  const listed = Array.isArray(value) ? value : memberOf(value, 'messages')
  const answers = Array.isArray(listed) ? listed.filter(isToolMessage) : []
  const [only, ...others] = answers
  return only !== undefined && others.length === 0 && (!Array.isArray(value) || value.length === 1)
    ? only
    : value
}

/** What a function returned, in a result of LlamaIndex, which has texts beside it: those are better than a text of an object. */
function returnedIn(value: unknown): unknown {
  const returned = memberOf(value, 'raw_output')
  if (returned === undefined) return undefined
  const content = memberOf(value, 'content')
  if (typeof content === 'string' && memberOf(value, 'tool_name') !== undefined) {
    return typeof returned === 'object' || content === '' ? returned : content
  }
  return Array.isArray(memberOf(value, 'blocks')) ? returned : undefined
}

/** The result of a call as Bedrock and Anthropic have it: the id of the call and a list of parts. */
function resultOfCall(value: unknown): ToolAnswer | undefined {
  const held = onlyMember(value, 'toolResult') ?? value
  const isOne =
    textOf(memberOf(held, 'toolUseId', 'tool_use_id')) !== undefined &&
    memberOf(held, 'content') !== undefined &&
    Object.keys(Object(held)).every((name) =>
      /^(type|status|toolUseId|tool_use_id|content|is_error|cache_control)$/.test(name),
    )
  const [part] = isOne
    ? partsOf({ content: [{ toolResult: { ...Object(held), type: undefined } }] })
    : []
  return part?.kind === 'tool_result' ? { value: part.result, callId: part.id } : undefined
}

/** The text of a part that stands for itself (`{"$type": "text", "text": "…"}`), or of a list of such. */
function textIn(value: unknown): unknown {
  const items = Array.isArray(value) ? value : [value]
  const isText = (item: unknown) =>
    memberOf(item, 'type', '$type') === 'text' &&
    typeof memberOf(item, 'text') === 'string' &&
    Object.keys(Object(item)).every((name) => /^(\$?type|text|annotations|_?meta)$/.test(name))
  if (items.length === 0 || !items.every(isText)) return undefined
  return resultValue(textOfParts(partsOf({ content: items })))
}

/** Gemini's answer of a function: its name and perhaps an id beside what it said. */
function functionResponse(value: unknown): ToolAnswer | undefined {
  const response = memberOf(value, 'response')
  const isOne =
    response !== undefined &&
    memberOf(value, 'name') !== undefined &&
    Object.keys(Object(value)).every((name) => /^(id|name|response)$/.test(name))
  return isOne ? { value: response, callId: textOf(memberOf(value, 'id')) } : undefined
}

/** The message that some conventions write of a tool's arguments and of its answer: an event, or a message with parts. */
function onlyMessage(value: unknown): Message | undefined {
  const [item, ...more] = Array.isArray(value) ? value : []
  const isOne = more.length === 0 && memberOf(item, 'event.name', 'role', 'parts') !== undefined
  const [message, ...others] = (isOne && messagesOf(value, 'assistant')) || []
  return others.length === 0 ? message : undefined
}

function contentOf(message: unknown): unknown {
  const parts = partsOf({ content: memberOf(message, 'content') })
  return parts.every(({ kind }) => kind === 'text')
    ? resultValue(textOfParts(parts))
    : memberOf(message, 'content')
}

/** MCP's results: a list of parts under `content`, and little beside it. */
function isContent(value: unknown): boolean {
  const content = memberOf(value, 'content')
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    Object.keys(Object(value)).every((name) =>
      /^(content|isError|is_error|structuredContent|_?meta)$/.test(name),
    )
  )
}

function onlyMember(value: unknown, name: string): unknown {
  return Object.keys(Object(value)).length === 1 ? memberOf(value, name) : undefined
}

const text = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`
const printedMessage = new RegExp(`^content=(${text})(?: |$)`, 's')

function printed(said: string): ToolAnswer | undefined {
  if (!said.startsWith('content=')) return undefined
  const [, quoted] = printedMessage.exec(said) ?? []
  const content = quoted === undefined ? undefined : pythonLiteral(`[${quoted}]`)
  if (!Array.isArray(content)) return undefined
  const [, callId] = / tool_call_id='([^']+)'/.exec(said.slice(quoted?.length)) ?? []
  return { value: resultValue(content[0]), callId }
}

/** What a tool was called with, and the id of the call where its input says it. */
export interface ToolInput {
  readonly value: unknown
  readonly callId?: string | undefined
}

/**
 * What a tool was called with, without the call around it: CrewAI's with the tool and its classes (`{calling: …, tool_string: …}`),
 * LangChain's (`{name, args, id, type: 'tool_call'}`), and one that has the tool's own name.
 */
export function toolInput(input: unknown, tool: string): ToolInput {
  const call = callIn(input, tool)
  return call ? { value: call.arguments, callId: call.id } : { value: calledWith(input) }
}

function callIn(input: unknown, tool: string): ToolCall | undefined {
  const message = onlyMessage(input)
  if (message) return message.tool_calls?.length === 1 ? message.tool_calls[0] : undefined
  const calling =
    memberOf(input, 'tool_string') === undefined ? undefined : memberOf(input, 'calling')
  const written = argumentsValue(calling ?? onlyMember(input, 'tool_call') ?? input)
  const [part, ...others] = partsOf({ tool_calls: [written] })
  if (part?.kind !== 'tool_call' || others.length > 0) return undefined
  if (calling !== undefined) return part.call
  // What has a name and arguments may be the arguments of a tool that calls others.
  const isCall =
    (memberOf(written, 'type') === 'tool_call' && part.call.id !== undefined) ||
    (part.call.name === tool && memberOf(written, 'arguments', 'args', 'function') !== undefined)
  return isCall ? part.call : undefined
}

/**
 * What a function was called with. Decorators of Python functions record a call as `{args: […], kwargs: {…}}`, LangChain's
 * callbacks as `{inputs: {…}, input_str: …}`: what was passed by name, or alone, is what a model said.
 */
export function calledWith(input: unknown): unknown {
  const message = onlyMessage(input)
  if (message) return message.tool_calls ?? argumentsValue(message.content)
  const named = memberOf(input, 'kwargs')
  if (isObject(named) && isCall(input)) {
    const args = memberOf(input, 'args') ?? []
    if (!Array.isArray(args)) return input
    if (args.length === 0) return withoutObjects(named)
    return args.length === 1 && Object.keys(named).length === 0 ? argumentsValue(args[0]) : input
  }
  const printedInput = memberOf(input, 'input_str')
  const given = memberOf(input, 'inputs')
  if (printedInput !== undefined && Object.keys(Object(input)).length <= 2) {
    return isObject(given) ? given : argumentsValue(printedInput)
  }
  // LangSmith's runs of tools have the arguments as a text under one name, and OpenLLMetry's as the only item of a list.
  const positional = onlyMember(input, 'args')
  const written =
    Array.isArray(positional) && positional.length === 1
      ? positional[0]
      : onlyMember(input, 'input')
  const inside = typeof written === 'string' ? argumentsValue(written) : undefined
  return isObject(inside) ? inside : argumentsValue(input)
}

/** No model passes an object of the program: LlamaIndex passes its context beside what was asked for. */
function withoutObjects(named: Readonly<Record<string, unknown>>): unknown {
  const isObjectsAddress = (value: unknown) =>
    typeof value === 'string' && /^<[\w.]+ object at 0x[0-9a-fA-F]+>$/.test(value)
  const kept = Object.entries(named).filter(([, value]) => !isObjectsAddress(value))
  return Object.fromEntries(kept)
}

/** What stands beside the arguments is how the call was made: flags. */
function isCall(input: unknown): boolean {
  return Object.entries(Object(input)).every(
    ([name, value]) => name === 'args' || name === 'kwargs' || typeof value === 'boolean',
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
