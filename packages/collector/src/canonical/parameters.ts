import {
  isParameterName,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
} from '@trace2/instrumentation/semconv'
import type { Attributes } from '../otlp/model.ts'
import { isTooDeep } from './json.ts'
import { booleanAt, numberAt, textAt } from './read.ts'
import type { ParameterRow, ParameterUseRow } from './rows.ts'
import { sign, signsOf } from './signs.ts'

export interface ParametersOfSpan {
  readonly parameters: ParameterRow[]
  readonly uses: ParameterUseRow[]
}

/** Parameters that a span names in `trace2.param.*`: their versions in use, and their values where it has them. */
export function recordedParameters(attributes: Attributes): ParametersOfSpan {
  const found: ParametersOfSpan = { parameters: [], uses: [] }
  if (!(signsOf(attributes) & sign.parameter)) return found
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

function isJson(text: string): boolean {
  if (isTooDeep(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
