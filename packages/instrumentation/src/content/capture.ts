import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_INPUT_FIDELITY,
  ATTR_INPUT_MIME_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_UNDEFINED,
  ATTR_OUTPUT_VALUE,
  type InputFidelity,
  PREFIX_INPUT_HASH,
} from '@trace2/core'
import { reasonOf } from '../inspection/reason.ts'
import type { Inputs } from '../operator/roles.ts'
import type { Budget } from './budget.ts'
import { contentHash } from './content-hash.ts'
import { cut } from './cut.ts'
import type { Fidelity } from './fidelity.ts'
import { quoted } from './quoted.ts'
import type { ContentSettings, MaskContext } from './settings.ts'
import { type ValueText, valueText } from './text.ts'
import { undefinedIn } from './undefined-members.ts'

/** Inputs of one call that have a hash: an SDK keeps 128 attributes of a span, and there are more important ones. */
const mostHashes = 32

/** Writes the inputs of a call, each by itself and within the size cap: one that cannot be read costs only itself. */
export function writeInputs(
  attributes: Attributes,
  operator: string,
  { roles, plain, omitted = 0 }: Inputs,
  content: ContentSettings,
  budget: Budget,
): void {
  const { maxValueLength } = content
  attributes[ATTR_INPUT_MIME_TYPE] = 'application/json'
  const isVerbatim = content.captureContent && !content.mask
  let text = ''
  let hashes = 0
  let inexact: string[] | undefined
  const note = (fidelity: Fidelity | InputFidelity, role: string) => {
    // A member that is undefined makes no difference to what is compared.
    if (fidelity === 'exact' || fidelity === 'incomplete') return
    inexact ??= []
    inexact.push(`${fidelity}=${role}`)
  }
  for (let index = 0; index < roles.length; index++) {
    const role = roles[index] ?? ''
    const value = plain[index]
    if (value === undefined) continue
    if (typeof value === 'function') {
      note('opaque', role)
      continue
    }
    let json: string | undefined
    if (isVerbatim && typeof value === 'string' && value.length <= budget.room(maxValueLength)) {
      budget.end(value.length)
      json = quoted(value)
      if (!value.isWellFormed()) note('described', role)
    } else {
      const captured = capture(value, content, budget, { operator, direction: 'input', role })
      if (captured.hash !== undefined && hashes++ < mostHashes) {
        attributes[PREFIX_INPUT_HASH + role] = captured.hash
      }
      json = captured.written && jsonOf(captured.written)
      note(captured.fidelity, role)
    }
    if (json !== undefined) text += `${text === '' ? '' : ','}${quoted(role)}:${json}`
  }
  if (omitted > 0) text += `,"…":"${omitted} more"`
  if (omitted > 0) note('opaque', '…')
  attributes[ATTR_INPUT_VALUE] = `{${text}}`
  if (inexact) attributes[ATTR_INPUT_FIDELITY] = inexact
}

function jsonOf({ text, isString }: ValueText): string {
  return isString ? quoted(text) : text
}

/** Writes an output, within the size cap. `whole` is its text as the run remembers it. */
export function writeOutput(
  attributes: Attributes,
  operator: string,
  value: unknown,
  whole: ValueText,
  content: ContentSettings,
  budget: Budget,
): void {
  if (value === undefined) return
  const context: MaskContext = { operator, direction: 'output', role: undefined }
  const { written, hash, fidelity } = capture(value, content, budget, context, whole)
  if (hash !== undefined) attributes[ATTR_OUTPUT_HASH] = hash
  const missing = fidelity === 'incomplete' ? undefinedIn(value) : undefined
  if (missing) attributes[ATTR_OUTPUT_UNDEFINED] = missing
  else if (fidelity !== 'exact') {
    attributes[ATTR_OUTPUT_FIDELITY] = fidelity === 'incomplete' ? 'described' : fidelity
  }
  if (!written) return
  attributes[ATTR_OUTPUT_VALUE] = written.text
  attributes[ATTR_OUTPUT_MIME_TYPE] = written.isString ? 'text/plain' : 'application/json'
}

/** What is written of a value, and its hash where that is not all of it. */
export interface Captured {
  readonly written: ValueText | undefined
  readonly hash: string | undefined
  /** How much both together say of the value. */
  readonly fidelity: Fidelity | InputFidelity
}

export function capture(
  value: unknown,
  content: ContentSettings,
  budget: Budget,
  context: MaskContext,
  known?: ValueText,
): Captured {
  const { captureContent, mask, maxValueLength } = content
  try {
    const shown = captureContent && mask ? mask(value, context) : value
    const isWithheld = !captureContent || shown === undefined
    const seen = isWithheld ? value : shown
    const text = known && seen === value ? known : valueText(seen, budget, maxValueLength)
    const fidelity = seen === value ? text.fidelity : 'masked'
    if (isWithheld) return { written: undefined, ...hashed(value, text, budget, fidelity) }
    if (!text.isString) {
      if (!text.isCut) return { written: text, hash: undefined, fidelity }
      return { written: text, ...hashed(shown, text, budget, fidelity) }
    }
    const room = budget.room(maxValueLength)
    const isWhole = text.text.length <= room
    const written = isWhole ? text : { ...text, text: cut(text.text, room), isCut: true }
    budget.end(written.text.length)
    if (isWhole) return { written, hash: undefined, fidelity }
    return { written, ...hashed(shown, text, budget, fidelity) }
  } catch (error) {
    // A mask that throws withholds.
    if (mask) return { written: undefined, hash: undefined, fidelity: 'masked' }
    const text = `[unreadable: ${reasonOf(error)}]`
    const written = { text, isString: true, isCut: true, fidelity: 'opaque' as const }
    return { written, hash: undefined, fidelity: 'opaque' }
  }
}

/** The hash of a value that is not written whole. */
function hashed(
  value: unknown,
  text: ValueText,
  budget: Budget,
  fidelity: Captured['fidelity'],
): Pick<Captured, 'hash' | 'fidelity'> {
  const { hash, isOfAll } = contentHash(value, text, budget)
  return { hash, fidelity: isOfAll ? fidelity : 'opaque' }
}
