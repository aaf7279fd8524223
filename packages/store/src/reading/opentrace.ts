import { isParameterName, parameterVersion, valueHash } from '@trace2/core'
import type { Attributes } from '../otlp/records.ts'
import { isDistinctive } from './distinctive.ts'
import { booleanAt, textAt } from './read.ts'
import { blankInput, type InputRow, type ParameterRow } from './rows.ts'

const PARAMETER = 'param.'
const INPUT = 'inputs.'

/** Says something about a parameter, and is none. */
const aside = /\.(?:trainable|sha256|truncated)$/

/** Parameters that OpenTrace's instrumentation writes: `param.<name>` and `param.<name>.trainable`. */
export function recordedByOpenTrace(attributes: Attributes): ParameterRow[] {
  const found: ParameterRow[] = []
  for (const [key, value] of attributes) {
    if (!key.startsWith(PARAMETER) || aside.test(key) || typeof value !== 'string') continue
    const name = key.slice(PARAMETER.length)
    if (!isParameterName(name)) continue
    const text = value.toWellFormed()
    const trainable = booleanAt(attributes, `${key}.trainable`)
    found.push({
      name,
      version: parameterVersion(text),
      value: JSON.stringify(text),
      trainable: trainable || textAt(attributes, `${key}.trainable`) === 'True',
      description: '',
      schema: null,
    })
  }
  return found
}

/**
 * Inputs by role: `inputs.<role>` is `span:<id>`, `<service>:<id>` or `lit:<text>`. Anything else, and a reference to
 * a message that is not a span id, is a value: a colon in a text makes no reference of it.
 */
export function inputsOfOpenTrace(attributes: Attributes, traceId: string): InputRow[] {
  const found: InputRow[] = []
  for (const [key, written] of attributes) {
    if (!key.startsWith(INPUT) || key === 'inputs.gen_ai.prompt' || typeof written !== 'string') {
      continue
    }
    const role = key.slice(INPUT.length)
    const spanId = /^[\w.-]+:([0-9a-f]{16})$/i.exec(written)?.[1]?.toLowerCase()
    if (spanId !== undefined && !written.startsWith('lit:')) {
      found.push({ ...blankInput, role, origin: 'span', traceId, spanId })
      continue
    }
    const value = written.replace(/^lit:/, '').toWellFormed()
    found.push({
      ...blankInput,
      role,
      origin: 'value',
      valueHash: valueHash(value),
      value: JSON.stringify(value),
      distinctive: isDistinctive(value),
    })
  }
  return found
}
