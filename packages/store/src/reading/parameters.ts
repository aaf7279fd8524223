import {
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  parseParameterKey,
} from '@trace2/core'
import type { Attributes } from '../otlp/records.ts'
import { attributeFlag, attributeFlagsOf } from './attribute-flags.ts'
import { isTooDeep } from './json.ts'
import { booleanAt, numberAt, textAt } from './read.ts'
import type { ParameterRow, ParameterUseRow } from './rows.ts'

export interface ParametersOfSpan {
  readonly parameters: ParameterRow[]
  readonly uses: ParameterUseRow[]
}

/** Parameters that a span names in `trace2.param.*`: their versions in use, and their values where it has them. */
export function recordedParameters(attributes: Attributes): ParametersOfSpan {
  const found: ParametersOfSpan = { parameters: [], uses: [] }
  if (!(attributeFlagsOf(attributes) & attributeFlag.parameter)) return found
  for (const [key, version] of attributes) {
    if (!key.startsWith(PREFIX_PARAM_VERSION) || typeof version !== 'string') continue
    const of = key.slice(PREFIX_PARAM_VERSION.length)
    const parsed = parseParameterKey(of)
    if (!parsed || (parsed.version ?? version) !== version) continue
    const { name } = parsed
    const propensity = numberAt(attributes, PREFIX_PARAM_PROPENSITY + of)
    found.uses.push({ name, version, propensity })
    const value = textAt(attributes, PREFIX_PARAM_VALUE + of)
    if (value === null || !isJson(value)) continue
    const schema = textAt(attributes, PREFIX_PARAM_SCHEMA + of)
    found.parameters.push({
      name,
      version,
      value,
      trainable: booleanAt(attributes, PREFIX_PARAM_TRAINABLE + of),
      description: textAt(attributes, PREFIX_PARAM_DESCRIPTION + of) ?? '',
      schema: schema !== null && isJson(schema) ? schema : null,
    })
  }
  return found
}

function isJson(text: string): boolean {
  if (isTooDeep(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
