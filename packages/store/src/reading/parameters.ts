import {
  type Json,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_KIND,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  parameterKind,
  parseParameterKey,
} from '@trace2/core'
import type { Attributes } from '../otlp/index.ts'
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
    const value = jsonAt(attributes, PREFIX_PARAM_VALUE + of)
    if (!value) continue
    const schema = jsonAt(attributes, PREFIX_PARAM_SCHEMA + of)
    const declared = textAt(attributes, PREFIX_PARAM_KIND + of)
    found.parameters.push({
      name,
      version,
      value: value.text,
      valueKind: parameterKind(value.json, schema?.json ?? null, declared),
      trainable: booleanAt(attributes, PREFIX_PARAM_TRAINABLE + of),
      description: textAt(attributes, PREFIX_PARAM_DESCRIPTION + of) ?? '',
      schema: schema?.text ?? null,
    })
  }
  return found
}

function jsonAt(
  attributes: Attributes,
  key: string,
): { readonly text: string; readonly json: Json } | undefined {
  const text = textAt(attributes, key)
  if (text === null || isTooDeep(text)) return undefined
  try {
    return { text, json: JSON.parse(text) }
  } catch {
    return undefined
  }
}
