import { isParameterName, parameterVersion } from '@trace2/core'
import { UNNAMED_PROMPT } from '../graph/named-prompts.ts'
import type { Attributes } from '../otlp/index.ts'
import type { Dialect } from './dialects/index.ts'
import { keysOf, operatorKeys, textAmong, valueAt } from './fields.ts'
import { instructionsText } from './instructions.ts'
import type { Message } from './messages.ts'
import { recordedByOpenTrace } from './opentrace.ts'
import type { ParameterRow } from './rows.ts'
import { givenName } from './stable-names.ts'
import { toolsIn } from './tool-definitions.ts'

/** A parameter that a foreign span uses, and the role in which it does. */
export interface ForeignParameter {
  readonly role: string
  readonly row: ParameterRow
}

export interface Prompts {
  readonly parameters: readonly ForeignParameter[]
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
): Prompts {
  const parameters: ForeignParameter[] = []
  const name = givenName(textAmong(attributes, keysOf(dialect, 'promptName')))
  const template = textAmong(attributes, keysOf(dialect, 'template'))
  if (template !== null) {
    parameters.push(
      prompt('prompt', name ?? nameBy(attributes, dialect, template, 'prompt'), template),
    )
  }
  const system = systemText(attributes, dialect, messages)
  const explicit = recordedByOpenTrace(attributes)
  const systemJson = JSON.stringify(system)
  const same = explicit.find(({ value }) => value === systemJson)
  for (const row of explicit) parameters.push({ role: row === same ? 'system' : row.name, row })
  const built = template !== null && system !== undefined && isFilled(template, system)
  const isParameter = system !== undefined && !built && (kind === 'llm' || kind === 'agent')
  if (isParameter && !same) {
    const own = template === null ? name : null
    parameters.push(prompt('system', own ?? nameBy(attributes, dialect, system, 'system'), system))
  }
  if (kind === 'llm' || kind === 'agent') {
    for (const tool of toolsOf(attributes, dialect)) parameters.push(tool)
  }
  if (kind === 'tool') parameters.push(...describedTool(attributes, dialect))
  const variables = template === null ? undefined : firstValue(attributes, dialect, 'variables')
  return {
    parameters: distinct(parameters),
    variables,
    messages: isParameter ? messages?.filter(({ role }) => role !== 'system') : messages,
  }
}

/** System instructions of their own, or those among a model's messages. */
function systemText(
  attributes: Attributes,
  dialect: Dialect | undefined,
  messages: readonly Message[] | undefined,
): string | undefined {
  const apart = firstValue(attributes, dialect, 'system')
  if (apart !== undefined) return instructionsText(apart)
  const said = messages?.flatMap(({ role, content }) => (role === 'system' ? [content] : []))
  return said?.length && said.every((text) => typeof text === 'string')
    ? [...new Set(said)].join('\n')
    : undefined
}

function firstValue(
  attributes: Attributes,
  dialect: Dialect | undefined,
  field: 'system' | 'variables',
): unknown {
  for (const key of keysOf(dialect, field)) {
    const value = valueAt(attributes, key)
    if (value !== undefined) return value
  }
  return undefined
}

/**
 * A prompt without a name of its own is called after the agent or call that it belongs to; where the span names
 * neither, after its first words: they tell the prompts of one program apart and outlive most edits.
 */
function nameBy(
  attributes: Attributes,
  dialect: Dialect | undefined,
  text: string,
  role: string,
): string {
  const caller = givenName(textAmong(attributes, keysOf(dialect, 'caller')))
  if (caller !== null) return `${caller}.${role}`
  const words = text.toLowerCase().match(/[\p{L}]+/gu) ?? []
  return UNNAMED_PROMPT + words.slice(0, 5).join('-')
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
    name: isParameterName(name) ? name : name.replace(/[^A-Za-z0-9_.\-/]+/g, '_') || '_',
    version: parameterVersion(value),
    value: JSON.stringify(value),
    valueKind,
    trainable: true,
    description,
    schema: null,
  }
}

function toolsOf(attributes: Attributes, dialect: Dialect | undefined): ForeignParameter[] {
  for (const key of keysOf(dialect, 'tools')) {
    const found = toolsIn(valueAt(attributes, key)).flatMap(({ name, description }) =>
      description === '' ? [] : toolDescription(name, description),
    )
    if (found.length > 0) return found
  }
  return []
}

/** What a model is told of a tool that only the tool's own span describes. */
function describedTool(attributes: Attributes, dialect: Dialect | undefined): ForeignParameter[] {
  const text = textAmong(attributes, keysOf(dialect, 'toolDescription'))
  const name = textAmong(attributes, operatorKeys(dialect, 'tool'))
  return text === null || name === null ? [] : [toolDescription(name, text)]
}

function toolDescription(name: string, text: string): ForeignParameter {
  const purpose = `What a model is told of the tool ${name}.`
  const row = parameter(`tool.${name}.description`, text, 'tool-description', purpose)
  return { role: `tool.${name}`, row }
}

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
