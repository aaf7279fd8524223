import type { Json } from '@trace2/core'
import {
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_PIECES,
  ATTR_REDACTED,
  ATTR_REQUEST_HASH,
  ATTR_REQUEST_SETTINGS_HASH,
  ATTR_RESPONSE_BODY,
} from '@trace2/core'
import {
  type RecordedAnswer,
  type RecordedInputValue,
  requestRole,
  settingsRole,
} from '../answering/index.ts'
import { textAt } from './stored-output.ts'

type Attributes = { readonly [name: string]: unknown }

/** What a request has in common with equal ones, beside its messages: all of it, and its settings. */
export function requestInputs(
  attributes: Attributes,
  inputs: readonly RecordedInputValue[],
): RecordedInputValue[] {
  const given = inputs.find((input) => input.isParameter)
  const isParameter = given !== undefined
  const from = given?.from ?? null
  return [
    { role: requestRole, hash: textAt(attributes, ATTR_REQUEST_HASH) },
    { role: settingsRole, hash: textAt(attributes, ATTR_REQUEST_SETTINGS_HASH) },
  ].map(({ role, hash }) => {
    const key = hash === undefined ? null : `exact:${hash}`
    return { role, key, shown: null, isParameter, from }
  })
}

/** What the endpoint had answered; in words, why it cannot be told. */
export function answerIn(attributes: Attributes): RecordedAnswer | string {
  const redacted = attributes[ATTR_REDACTED]
  if (Array.isArray(redacted) && redacted.includes('output')) return 'its answer was redacted'
  const text = textAt(attributes, ATTR_RESPONSE_BODY)
  if (text === undefined) {
    return 'its answer is not recorded: it is too long, has bytes, was masked or withheld, or is of a kind that is not kept'
  }
  try {
    const body: { readonly [name: string]: Json } = JSON.parse(text)
    const listed = attributes[ATTR_OUTPUT_PIECES]
    const isStream = textAt(attributes, ATTR_OUTPUT_FORM)?.includes('iterable') === true
    return { body, isStream, ...(Array.isArray(listed) && { pieces: listed.map(Number) }) }
  } catch {
    return 'its answer was cut on the way to the store'
  }
}
