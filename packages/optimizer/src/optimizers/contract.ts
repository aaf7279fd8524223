import { canonicalJson, type Json } from '@trace2/instrumentation/semconv'
import type { Read } from '../llm/index.ts'
import type { Variable } from '../prompt/index.ts'
import { parameterLabel } from '../text/show.ts'
import { checkValue, isCode, schemaOf } from '../values/index.ts'

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
 * Reads an answer: every value must be of a variable asked for and fit it; a value equal to the present one is
 * dropped. An empty suggestion is an answer too: nothing should change.
 */
export function readSuggestion(variables: readonly Variable[]): (json: unknown) => Read<Suggested> {
  const known = byLabel(variables)
  return (json) => {
    const suggestion = member(json, 'suggestion')
    if (typeof suggestion !== 'object' || suggestion === null || Array.isArray(suggestion)) {
      return { ok: false, fault: 'it has no object "suggestion"' }
    }
    const reasoning = member(json, 'reasoning')
    const values = new Map<string, Json>()
    for (const [name, proposed] of Object.entries(suggestion)) {
      const checked = checkSuggested(known, name, proposed)
      if (!checked.ok) return checked
      if (checked.value !== undefined) values.set(...checked.value)
    }
    return {
      ok: true,
      value: { reasoning: typeof reasoning === 'string' ? reasoning : '', values },
    }
  }
}

/** Variables by the name that prompts and answers have for them. */
function byLabel(variables: readonly Variable[]): ReadonlyMap<string, Variable> {
  return new Map(variables.map((variable) => [parameterLabel(variable.name), variable]))
}

/** The variable and its new value; `undefined` where that changes nothing. */
function checkSuggested(
  known: ReadonlyMap<string, Variable>,
  name: string,
  proposed: Json,
): Read<readonly [name: string, value: Json] | undefined> {
  const variable = known.get(name)
  if (!variable) {
    return { ok: false, fault: `there is no variable ${JSON.stringify(name.slice(0, 80))}` }
  }
  const projected = projectedBy(variable, proposed)
  if (!projected.ok) return { ok: false, fault: `the value of ${name}: ${projected.fault}` }
  const checked = checkValue(variable, projected.value)
  const fault = checked.ok ? variable.findFault?.(checked.value) : checked.fault
  if (!checked.ok || fault !== undefined) {
    return { ok: false, fault: `the value of ${name}: ${fault}` }
  }
  const same = canonicalJson(checked.value) === canonicalJson(variable.value)
  return { ok: true, value: same ? undefined : [variable.name, checked.value] }
}

/** A projection is made for values of the right type, so that one that throws says something about the value. */
function projectedBy({ projection }: Variable, proposed: Json): Read<unknown> {
  if (!projection) return { ok: true, value: proposed }
  try {
    return { ok: true, value: projection.project(proposed) }
  } catch (error) {
    return { ok: false, fault: `it cannot be projected: ${String(error)}` }
  }
}

/**
 * Reads an answer in elements that carry the prompt's fence (see `elementInstructionText`): what a value contains
 * cannot end it early, whatever it looks like.
 */
export function readElements(
  variables: readonly Variable[],
  fence: string,
): (text: string) => Read<Suggested> {
  const known = byLabel(variables)
  const element = new RegExp(
    `<(reasoning|variable)(?: name="([^"\\n]*)")? fence="${fence}">\\n([\\s\\S]*?)\\n</\\1 fence="${fence}">`,
    'g',
  )
  return (text) => {
    let reasoning: string | undefined
    const values = new Map<string, Json>()
    for (const [, tag, name = '', content = ''] of text.matchAll(element)) {
      if (tag === 'reasoning') {
        reasoning = content
        continue
      }
      const variable = known.get(name)
      const proposed = typeof variable?.value === 'string' ? content : parsed(content)
      const checked = checkSuggested(known, name, proposed)
      if (!checked.ok) return checked
      if (checked.value !== undefined) values.set(...checked.value)
    }
    return reasoning === undefined && values.size === 0
      ? { ok: false, fault: `it has no element with fence="${fence}"` }
      : { ok: true, value: { reasoning: reasoning ?? '', values } }
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function member(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined
}
