import type { Attributes } from '@opentelemetry/api'
import type { Inputs } from '../operator/roles.ts'
import {
  ATTR_INPUT_MIME_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_VALUE,
  PREFIX_INPUT_HASH,
} from '../semconv/attributes.ts'
import { valueHash } from '../semconv/hash.ts'
import type { ContentSettings } from './settings.ts'
import { jsonText, type ValueText, valueText } from './text.ts'

/** Writes the inputs of a call, each within the size cap. */
export function writeInputs(
  attributes: Attributes,
  operator: string,
  inputs: Inputs,
  { captureContent, mask, maxValueLength }: ContentSettings,
): void {
  attributes[ATTR_INPUT_MIME_TYPE] = 'application/json'
  if (captureContent && !mask) {
    const whole = wholeText(inputs)
    if (whole !== undefined && whole.length <= maxValueLength) {
      attributes[ATTR_INPUT_VALUE] = whole
      return
    }
  }
  let text = ''
  for (let index = 0; index < inputs.roles.length; index++) {
    const role = inputs.roles[index] ?? ''
    let value = inputs.plain[index]
    if (value === undefined || typeof value === 'function') continue
    const original = value
    if (captureContent && mask) value = mask(value, { operator, direction: 'input', role })
    if (!captureContent || value === undefined) {
      attributes[PREFIX_INPUT_HASH + role] = textHash(valueText(original))
      continue
    }
    let json = jsonText(value)
    if (json.length > maxValueLength) {
      const whole = valueText(value)
      attributes[PREFIX_INPUT_HASH + role] = textHash(whole)
      json = JSON.stringify(cut(whole.text, maxValueLength))
    }
    text += `${text === '' ? '' : ','}${JSON.stringify(role)}:${json}`
  }
  attributes[ATTR_INPUT_VALUE] = `{${text}}`
}

/** All inputs in one go, which most calls allow; `undefined` where one needs more care. */
function wholeText({ roles, plain }: Inputs): string | undefined {
  const values: Record<string, unknown> = {}
  for (let index = 0; index < roles.length; index++) {
    const value = plain[index]
    if (typeof value === 'bigint' || ArrayBuffer.isView(value)) return undefined
    if (roles[index] === '__proto__') return undefined
    values[roles[index] ?? ''] = value
  }
  try {
    return JSON.stringify(values)
  } catch {
    return undefined
  }
}

/** Writes an output, within the size cap. */
export function writeOutput(
  attributes: Attributes,
  operator: string,
  value: unknown,
  whole: ValueText,
  { captureContent, mask, maxValueLength }: ContentSettings,
): void {
  if (value === undefined) return
  const shown =
    captureContent && mask ? mask(value, { operator, direction: 'output', role: undefined }) : value
  if (!captureContent || shown === undefined) {
    attributes[ATTR_OUTPUT_HASH] = textHash(whole)
    return
  }
  const { text, isString } = shown === value ? whole : valueText(shown)
  if (text.length > maxValueLength) {
    attributes[ATTR_OUTPUT_HASH] = textHash({ text, isString })
    attributes[ATTR_OUTPUT_VALUE] = cut(text, maxValueLength)
    attributes[ATTR_OUTPUT_MIME_TYPE] = 'text/plain'
    return
  }
  attributes[ATTR_OUTPUT_VALUE] = text
  attributes[ATTR_OUTPUT_MIME_TYPE] = isString ? 'text/plain' : 'application/json'
}

function textHash({ text, isString }: ValueText): string {
  return valueHash(isString ? text : JSON.parse(text))
}

/** The beginning of a text that is too long, never ending inside a surrogate pair. */
export function cut(text: string, length: number): string {
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
