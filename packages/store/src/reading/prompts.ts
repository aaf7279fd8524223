import { parameterVersion } from '@trace2/core'
import type { Attributes } from '../otlp/index.ts'
import {
  callerName,
  firstWords,
  functionNamed,
  givenName,
  parameterNameOf,
  promptOf,
  UNNAMED_PROMPT,
} from '../prompt-names/index.ts'
import { definedTools } from './defined-tools.ts'
import type { Dialect } from './dialects/index.ts'
import { keysAmong, operatorKeys, textAmong, valueAt } from './fields.ts'
import { instructionsText } from './instructions.ts'
import type { Message } from './messages.ts'
import { recordedByOpenTrace } from './opentrace.ts'
import type { ParameterRow, UnnamedPrompt } from './rows.ts'

/** A parameter that a foreign span uses, and the role in which it does. */
export interface ForeignParameter {
  readonly role: string
  readonly row: ParameterRow
}

export interface Prompts {
  readonly parameters: readonly ForeignParameter[]
  /** Those that the span has no name for. */
  readonly unnamed: readonly UnnamedPrompt[]
  /** Values that a named template was filled with. */
  readonly variables: unknown
  /** What the messages say beyond the parameters. */
  readonly messages: readonly Message[] | undefined
}

/**
 * The parameters that a foreign span shows: templates, system prompts, descriptions of tools, and what OpenTrace
 * calls parameters. All of them can be trained, unless OpenTrace says otherwise.
 */
export function promptsOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
  messages: readonly Message[] | undefined,
  spanName: string,
): Prompts {
  const parameters: ForeignParameter[] = []
  const unnamed: UnnamedPrompt[] = []
  const caller = callerName(textAmong(attributes, keysAmong(attributes, dialect, 'caller')))
  const called = kind === 'llm' && dialect?.namesCalls ? functionNamed(spanName) : undefined
  const add = (role: string, given: string | null, text: string) => {
    const found = prompt(role, given ?? nameBy(caller ?? called ?? null, text, role), text)
    parameters.push(found)
    if (given === null) unnamed.push({ name: found.row.name, role, caller })
  }
  const name = givenName(textAmong(attributes, keysAmong(attributes, dialect, 'promptName')))
  const template = textAmong(attributes, keysAmong(attributes, dialect, 'template'))
  if (template !== null) add('prompt', name, template)
  const system = systemText(attributes, dialect, messages)
  const explicit = recordedByOpenTrace(attributes)
  const systemJson = JSON.stringify(system)
  const same = explicit.find(({ value }) => value === systemJson)
  for (const row of explicit) parameters.push({ role: row === same ? 'system' : row.name, row })
  const built = template !== null && system !== undefined && isFilled(template, system)
  const isParameter = system !== undefined && !built && (kind === 'llm' || kind === 'agent')
  if (isParameter && !same) add('system', template === null ? name : null, system)
  if (kind === 'llm' || kind === 'agent') {
    for (const tool of toolsOf(attributes, dialect)) parameters.push(tool)
  }
  if (kind === 'tool') parameters.push(...describedTool(attributes, dialect))
  const variables = template === null ? undefined : firstValue(attributes, dialect, 'variables')
  return {
    parameters: distinct(parameters),
    unnamed,
    variables,
    messages: isParameter ? messages && beyond(messages, system) : messages,
  }
}

/** Messages without those of the system at the beginning whose text is the parameter's. */
function beyond(messages: readonly Message[], parameter: string): readonly Message[] {
  const whole = parameter.trim()
  const leading = leadingSystem(messages)
  const texts = leading.flatMap(({ content }) => (typeof content === 'string' ? [content] : []))
  const isAll = texts.length === leading.length && texts.join('\n').trim() === whole
  const isSaid = (content: unknown) => typeof content === 'string' && content.trim() === whole
  return messages.filter(
    ({ role, content }, index) =>
      role !== 'system' || !((isAll && index < leading.length) || isSaid(content)),
  )
}

/** Messages of the system before anyone has said something. Later ones are notes that belong to the conversation. */
function leadingSystem(messages: readonly Message[]): readonly Message[] {
  const end = messages.findIndex(({ role }) => role !== 'system')
  return end < 0 ? messages : messages.slice(0, end)
}

/**
 * System instructions of their own, or the first message of a conversation. Of several messages of the system at its beginning,
 * those after the first often say what is another thing in each run, such as what is remembered of a user: they are left in the
 * conversation, for what a run says is no prompt.
 */
function systemText(
  attributes: Attributes,
  dialect: Dialect | undefined,
  messages: readonly Message[] | undefined,
): string | undefined {
  const apart = firstValue(attributes, dialect, 'system')
  if (apart !== undefined) return instructionsText(apart)
  const [first] = messages ? leadingSystem(messages) : []
  return typeof first?.content === 'string' ? first.content : undefined
}

function firstValue(
  attributes: Attributes,
  dialect: Dialect | undefined,
  field: 'system' | 'variables',
): unknown {
  for (const key of keysAmong(attributes, dialect, field)) {
    const value = valueAt(attributes, key)
    if (value !== undefined) return value
  }
  return undefined
}

/** The name of a prompt without one of its own, as far as its span tells: the caller's, or the prompt's first words. */
function nameBy(caller: string | null, text: string, role: string): string {
  return caller === null ? UNNAMED_PROMPT + firstWords(text) : promptOf(caller, role)
}

function prompt(role: string, name: string, text: string): ForeignParameter {
  return { role, row: parameter(name, text, 'text') }
}

function parameter(
  name: string,
  text: string,
  valueKind: ParameterRow['valueKind'],
  description = '',
): ParameterRow {
  const value = text.toWellFormed()
  return {
    name: parameterNameOf(name),
    version: parameterVersion(value),
    value: JSON.stringify(value),
    valueKind,
    trainable: true,
    description,
    schema: null,
  }
}

function toolsOf(attributes: Attributes, dialect: Dialect | undefined): ForeignParameter[] {
  return definedTools(attributes, dialect).flatMap(({ name, description }) =>
    description === '' ? [] : toolDescription(name, description),
  )
}

/** What a model is told of a tool that only the tool's own span describes. */
function describedTool(attributes: Attributes, dialect: Dialect | undefined): ForeignParameter[] {
  const text = textAmong(attributes, keysAmong(attributes, dialect, 'toolDescription'))
  const name = textAmong(attributes, operatorKeys(dialect, 'tool'))
  return text === null || name === null ? [] : [toolDescription(name, text)]
}

function toolDescription(name: string, written: string): ForeignParameter {
  const text = written.replace(describedByCrew, '')
  const purpose = `What a model is told of the tool ${name}.`
  const row = parameter(`tool.${name}.description`, text, 'tool-description', purpose)
  return { role: `tool.${name}`, row }
}

/** What CrewAI has before the description of a tool on the tool's span. */
const describedByCrew = /^Tool Name: [^\n]*\nTool Arguments: .*?\nTool Description: /s

/** Whether a text is a template with its placeholders (`{x}`, `{{x}}`, `${x}`, `<x>`) filled in. */
function isFilled(template: string, text: string): boolean {
  let at = 0
  for (const literal of template.split(/\$?\{\{?[^{}]*\}?\}|<[\w.-]+>/)) {
    const found = text.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return true
}

function distinct(parameters: readonly ForeignParameter[]): ForeignParameter[] {
  const byName = new Map<string, ForeignParameter>()
  for (const found of parameters) {
    if (!byName.has(found.row.name)) byName.set(found.row.name, found)
  }
  return [...byName.values()]
}
