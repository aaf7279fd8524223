import { memberOf, textOf } from './json.ts'
import { argumentsValue } from './message-parts.ts'
import { CLASS, pythonObject } from './python-literal.ts'

/**
 * What a call was given or gave, without what its framework wrote around it:
 *
 * - a callback of LangChain (`{inputs: …, tags: […], metadata: {…}, kwargs: {…}}`, `{outputs: …, kwargs: {…}}`);
 * - a command to a graph of LangGraph (`{graph: null, update: …, resume: null, goto: […]}`, `{lg_name: 'Command', update: …}`, or
 *   what Python prints of one), alone or as the only one of a list;
 * - what Python prints of a prediction of DSPy (`Prediction(answer='…')`): its members by name;
 * - the only value of a run of LangChain (`{input: …}`, `{output: …}`) and a prompt's value as a constructor;
 * - a result of CrewAI (`{raw: …, pydantic: null, json_dict: null, …}`);
 * - a value of LangWatch with its type (`{type: 'text', value: …}`);
 * - the event with which a workflow of LlamaIndex.TS stops (`{type: 'llamaindex-stop', data: {result: …, state: …}}`).
 */
export function unpackaged(written: unknown): unknown {
  const value = printedObject(written)
  const [item, ...more] = Array.isArray(value) ? value : []
  const first = more.length === 0 ? printedObject(item) : undefined
  const held = isCommand(first) ? first : value
  if (isCommand(held)) return memberOf(held, 'update') ?? held
  if (hasAll(held, ['raw', 'pydantic', 'json_dict'])) return memberOf(held, 'raw')
  if (isTyped(held)) return memberOf(held, 'value')
  if (memberOf(held, 'type') === 'llamaindex-stop') {
    const stopped = memberOf(held, 'data')
    return memberOf(stopped, 'result') ?? stopped
  }
  if (isCallback(held)) return unpackaged(toldBy(held))
  const [name, ...others] = Object.keys(Object(held))
  if (others.length === 0 && (name === 'input' || name === 'output')) {
    return unpackaged(memberOf(held, name))
  }
  return isPromptValue(held) ? memberOf(held, 'kwargs') : held
}

/** The command or the prediction of which Python has printed a text; anything else as it is. */
function printedObject(value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:Command|Prediction)\(/.test(value)) return value
  const printed = pythonObject(value)
  if (memberOf(printed, CLASS) !== 'Prediction') return isCommand(printed) ? printed : value
  const members = Object.entries(Object(printed)).filter(([name]) => name !== CLASS)
  return Object.fromEntries(members)
}

function isCommand(value: unknown): boolean {
  return (
    hasAll(value, ['graph', 'update', 'resume', 'goto']) ||
    (hasAll(value, ['update']) && memberOf(value, 'lg_name', CLASS) === 'Command')
  )
}

const told = ['inputs', 'input_str', 'input', 'outputs', 'output'] as const
const besides = ['tags', 'metadata', 'kwargs', 'name', 'run_id', 'parent_run_id', 'serialized']

/** A value with nothing but its type beside it. */
function isTyped(value: unknown): boolean {
  const type = memberOf(value, 'type')
  return (
    Object.keys(Object(value)).length === 2 &&
    memberOf(value, 'value') !== undefined &&
    typeof type === 'string' &&
    /^(?:text|raw|json|list|chat_messages)$/.test(type)
  )
}

/** A callback has what it was told and, always, what more the call was given. */
function isCallback(value: unknown): boolean {
  const names = Object.keys(Object(value))
  return (
    names.includes('kwargs') &&
    told.some((name) => names.includes(name)) &&
    names.every((name) => told.some((one) => one === name) || besides.includes(name))
  )
}

function toldBy(callback: unknown): unknown {
  const given = memberOf(callback, 'inputs')
  if (given !== undefined && Object.keys(Object(given)).length > 0) return given
  const printed = textOf(memberOf(callback, 'input_str'))
  return printed === undefined ? memberOf(callback, ...told) : argumentsValue(printed)
}

/** A constructor of what is no message: `{lc: 1, type: 'constructor', id: […, 'ChatPromptValue'], kwargs: {messages: […]}}`. */
function isPromptValue(value: unknown): boolean {
  return (
    memberOf(value, 'lc') !== undefined &&
    Array.isArray(memberOf(memberOf(value, 'kwargs'), 'messages'))
  )
}

function hasAll(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' && value !== null && names.every((name) => Object.hasOwn(value, name))
  )
}

/**
 * What a function was asked that runs an agent: the only text among its arguments, where the others are flags, numbers and
 * nothing. Other values are as they are.
 */
export function onlyText(value: unknown): unknown {
  const members = Object.values(Object(value))
  const texts = members.filter((member) => typeof member === 'string' && member !== '')
  const isOnly =
    texts.length === 1 && members.every((member) => typeof member !== 'object' || isEmpty(member))
  return isOnly && !Array.isArray(value) && typeof value === 'object' ? texts[0] : value
}

function isEmpty(value: unknown): boolean {
  return Object.keys(Object(value)).length === 0
}
