import { canonicalJson, type Json, parameterLabel } from '@trace2/core'
import { lenient, type Read } from '@trace2/evaluation/llm'
import type { Variable } from '../prompt/index.ts'
import { isCode, schemaOf } from '../values/index.ts'
import { readValue } from './suggested-value.ts'
import { type VariableNames, variableNames } from './variable-names.ts'

/** Values that an answer suggests, by variable name, and why. */
export interface Suggested {
  readonly reasoning: string
  readonly values: ReadonlyMap<string, Json>
}

/** The form of an answer, for structured output: `reasoning` and a `suggestion` with a property per variable. */
export function answerSchema(variables: readonly Variable[]): {
  readonly name: string
  readonly schema: Json
} {
  return {
    name: 'suggestion',
    schema: {
      type: 'object',
      properties: {
        reasoning: { type: 'string' },
        suggestion: {
          type: 'object',
          properties: Object.fromEntries(
            variables.map((variable) => [parameterLabel(variable.name), propertySchema(variable)]),
          ),
          additionalProperties: false,
        },
      },
      required: ['reasoning', 'suggestion'],
      additionalProperties: false,
    },
  }
}

function propertySchema(variable: Variable): Json {
  return isCode(variable) ? { type: 'string' } : schemaOf(variable)
}

/**
 * Reads an answer: every value must be of a variable asked for and fit it; a value equal to the present one is dropped.
 * An empty suggestion is an answer too: nothing should change. Values may also be a list of `{ name, value }`, and names
 * are found where they can mean only one variable.
 *
 * @param fence the token of the prompt's tags, which no value holds.
 */
export function readSuggestion(
  variables: readonly Variable[],
  fence?: string,
): (json: unknown) => Read<Suggested> {
  const names = variableNames(variables)
  return (json) => {
    const reasoning = member(json, 'reasoning')
    const [one, several] = [member(json, 'suggestion'), member(json, 'suggestions')]
    const given = one ?? several
    // An object that only has `null` there says that nothing should change.
    if (given === null || (given === undefined && one === null)) {
      return withReasoning(noValues, reasoning)
    }
    const suggestion = unpacked(given)
    if (suggestion === undefined) {
      const read = bareValues(names, json, fence)
      return read ? withReasoning(read, reasoning, 'perhaps') : noSuggestion
    }
    return withReasoning(readValues(names, namedValues(suggestion, names), fence), reasoning)
  }
}

const noSuggestion = { ok: false, fault: 'it has no object "suggestion"' } as const

type Values = ReadonlyMap<string, Json>

const noValues: Read<Values> = { ok: true, value: new Map() }

function withReasoning(
  read: Read<Values>,
  reasoning: Json | undefined,
  meant?: 'perhaps',
): Read<Suggested> {
  if (!read.ok) return read
  const { value: values, doubt } = read
  const told = Array.isArray(reasoning) ? reasoning.map(String).join('\n') : reasoning
  const value = { reasoning: typeof told === 'string' ? told : '', values }
  return { ok: true, value, meant, doubt }
}

/** Values where the answer has them instead of a suggestion: only under exact names, and nothing beside them. */
function bareValues(
  names: VariableNames,
  json: unknown,
  fence: string | undefined,
): Read<Values> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const entries = Object.entries(json).filter(([name]) => name.toLowerCase() !== 'reasoning')
  if (entries.length === 0 || !entries.every(([name]) => names.exactly(name))) return undefined
  const read = readValues(names, entries, fence)
  return read.ok ? read : { ...read, meant: 'perhaps' }
}

/** An object or a list, also one in a string. */
function unpacked(suggestion: Json | undefined): object | undefined {
  if (typeof suggestion === 'object' && suggestion !== null) return suggestion
  if (typeof suggestion !== 'string' || !/^\s*[[{]/.test(suggestion)) return undefined
  try {
    const inside = lenient(suggestion)
    return typeof inside === 'object' && inside !== null ? inside : undefined
  } catch {
    return undefined
  }
}

type NamedValue = readonly [name: string, value: Json]

/** What is suggested for which name: the members of an object, or of each object of a list. */
function namedValues(suggestion: object, names: VariableNames): readonly NamedValue[] {
  const parts: readonly Json[] = Array.isArray(suggestion) ? suggestion : [suggestion]
  return parts.flatMap((part): readonly NamedValue[] => {
    if (typeof part !== 'object' || part === null) return [[String(part), null]]
    const name = member(part, 'name') ?? member(part, 'variable') ?? member(part, 'parameter')
    const value = member(part, 'value')
    if (typeof name === 'string' && value !== undefined && !names.exactly('name')) {
      return [[name, value]]
    }
    return Object.entries(part)
  })
}

function readValues(
  names: VariableNames,
  suggested: readonly NamedValue[],
  fence: string | undefined,
): Read<Values> {
  const values = new Map<string, Json>()
  let doubt: string | undefined
  for (const [name, proposed] of suggested) {
    const variable = names.find(name)
    if (!variable) {
      const fault = `there is no variable ${JSON.stringify(name.slice(0, 80))}`
      return { ok: false, fault, meant: 'perhaps' }
    }
    const read = readValue(variable, proposed, fence)
    if (!read.ok) return { ...read, fault: `the value of ${name}: ${read.fault}` }
    if (read.doubt !== undefined) doubt ??= `the value of ${name}: ${read.doubt}`
    if (read.value === undefined) continue
    const known = values.get(variable.name)
    if (known !== undefined && canonicalJson(known) !== canonicalJson(read.value)) {
      return { ok: false, fault: `there are two values of ${name}`, meant: 'surely' }
    }
    values.set(variable.name, read.value)
  }
  return { ok: true, value: values, doubt }
}

/**
 * Reads an answer in elements that carry the prompt's fence (see `elementInstructionText`): what a value contains
 * cannot end it early, whatever it looks like.
 */
export function readElements(
  variables: readonly Variable[],
  fence: string,
): (text: string) => Read<Suggested> {
  const names = variableNames(variables)
  const element = new RegExp(
    `<(reasoning|variable)(?: name="([^"\\n]*)")? fence="${fence}">\\n([\\s\\S]*?)\\n</\\1 fence="${fence}">`,
    'g',
  )
  return (text) => {
    let reasoning: string | undefined
    // Of drafts and answers, the last counts.
    const suggested = new Map<string, Json>()
    for (const [, tag, name = '', content = ''] of text.matchAll(element)) {
      if (tag === 'reasoning') reasoning = content
      else suggested.set(name, content)
    }
    if (reasoning === undefined && suggested.size === 0) {
      return { ok: false, fault: `it has no element with fence="${fence}"` }
    }
    return withReasoning(readValues(names, [...suggested], fence), reasoning)
  }
}

/** A member of an object by its name, in whatever case it is written. */
function member(json: unknown, name: string): Json | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const found = Object.entries(json).find(([key]) => key.toLowerCase() === name)
  return found?.[1]
}
