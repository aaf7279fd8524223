import {
  ATTR_FEEDBACK_DIRECTION,
  ATTR_FEEDBACK_SOURCE,
  ATTR_INPUT_FIDELITY,
  ATTR_INPUT_MIME_TYPE,
  ATTR_KIND,
  ATTR_OP_SOURCE_HASH,
  ATTR_OPENINFERENCE_KIND,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_REDACTED,
  ATTR_REPLAY,
  ATTR_REQUEST_HASH,
  ATTR_REQUEST_SETTINGS_HASH,
  LINK_HOW,
  PREFIX_PARAM_VERSION,
} from '@trace2/core'
import type { AnyValue } from '@trace2/store/otlp'

const oneOf = (...values: readonly string[]) => new RegExp(`^(?:${values.join('|')})$`)
// Digits alone may be the number of a card.
const hash = /^(?!\d+$)[0-9a-f]{16}(?:[0-9a-f]{48})?$/
const mimeType = oneOf('application/json', 'text/plain', 'text/markdown', 'text/html')
const fidelity = oneOf('described', 'opaque', 'masked', 'unfinished')

/** The form that the value of a structural attribute has. One of another form is text like any other. */
const forms: Readonly<Record<string, RegExp>> = {
  [ATTR_KIND]: oneOf('run', 'op', 'feedback'),
  [ATTR_OP_SOURCE_HASH]: hash,
  [ATTR_REQUEST_HASH]: hash,
  [ATTR_REQUEST_SETTINGS_HASH]: hash,
  [ATTR_INPUT_MIME_TYPE]: mimeType,
  [ATTR_OUTPUT_MIME_TYPE]: mimeType,
  [ATTR_INPUT_FIDELITY]: fidelity,
  [ATTR_OUTPUT_FIDELITY]: fidelity,
  [ATTR_OUTPUT_FORM]: /^(?:promise of )?(?:async )?(?:promise|generator|iterable|iterator|stream)$/,
  [ATTR_REDACTED]: oneOf('input', 'output', 'error'),
  [ATTR_REPLAY]: oneOf('served', 'stubbed'),
  [ATTR_OPENINFERENCE_KIND]: /^[A-Z]{2,12}$/,
  [ATTR_FEEDBACK_SOURCE]: oneOf('human', 'model', 'code'),
  [ATTR_FEEDBACK_DIRECTION]: oneOf('higher', 'lower'),
  [LINK_HOW]: oneOf('exact', 'identity', 'template', 'value'),
}

/** Whether a value is what its name says by its form: an id, a hash or a known word, which no rule applies to. */
export function isStructure(key: string, prefix: string | undefined, value: AnyValue): boolean {
  if (typeof value !== 'string') return false
  return (prefix === PREFIX_PARAM_VERSION ? hash : forms[key])?.test(value) === true
}
