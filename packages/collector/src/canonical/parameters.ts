import {
  isParameterName,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  parameterVersion,
} from '@trace2/instrumentation/semconv'
import type { Attributes } from '../otlp/model.ts'
import { booleanAt, numberAt, textAt } from './read.ts'
import type { ParameterRow, ParameterUseRow } from './rows.ts'

export interface ParametersOfSpan {
  readonly parameters: ParameterRow[]
  readonly uses: ParameterUseRow[]
}

/** Parameters that a span names in `trace2.param.*`: their versions in use, and their values where it has them. */
export function recordedParameters(attributes: Attributes): ParametersOfSpan {
  const found: ParametersOfSpan = { parameters: [], uses: [] }
  for (const [key, version] of attributes) {
    if (!key.startsWith(PREFIX_PARAM_VERSION) || typeof version !== 'string') continue
    const name = key.slice(PREFIX_PARAM_VERSION.length)
    if (!isParameterName(name)) continue
    const propensity = numberAt(attributes, PREFIX_PARAM_PROPENSITY + name)
    found.uses.push({ name, version, propensity })
    const value = textAt(attributes, PREFIX_PARAM_VALUE + name)
    if (value === null || !isJson(value)) continue
    const schema = textAt(attributes, PREFIX_PARAM_SCHEMA + name)
    found.parameters.push({
      name,
      version,
      value,
      trainable: booleanAt(attributes, PREFIX_PARAM_TRAINABLE + name),
      description: textAt(attributes, PREFIX_PARAM_DESCRIPTION + name) ?? '',
      schema: schema !== null && isJson(schema) ? schema : null,
    })
  }
  return found
}

/** Prompts that a foreign span names: a template, or system instructions under a prompt's name. */
export function foreignParameters(attributes: Attributes, op: string): ParametersOfSpan {
  const found: ParametersOfSpan = { parameters: [], uses: [] }
  const promptName = textAt(attributes, 'gen_ai.prompt.name')
  const template = textAt(attributes, 'llm.prompt_template.template')
  const system = attributes.get('gen_ai.system_instructions')
  const value = template ?? (promptName !== null ? instructionsText(system) : null)
  if (value === null) return found
  const name = (promptName ?? `${op}.prompt_template`).replace(/[^A-Za-z0-9_.\-/]/g, '_')
  const version = parameterVersion(value)
  found.uses.push({ name, version, propensity: null })
  found.parameters.push({
    name,
    version,
    value: JSON.stringify(value.toWellFormed()),
    trainable: true,
    description: '',
    schema: null,
  })
  return found
}

/** Text of `gen_ai.system_instructions`: `[{"type":"text","content":"…"}]`, or plain text. */
function instructionsText(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  try {
    const parts: unknown = JSON.parse(value)
    if (!Array.isArray(parts)) return value
    const texts = parts.map((part: unknown) =>
      typeof part === 'object' && part !== null ? Reflect.get(part, 'content') : part,
    )
    return texts.filter((text) => typeof text === 'string').join('\n')
  } catch {
    return value
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
