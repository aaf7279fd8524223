import type { Attributes } from '@opentelemetry/api'
import { reasonOf } from '../inspection/reason.ts'
import type { Inputs } from '../operator/roles.ts'
import {
  ATTR_INPUT_MIME_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_VALUE,
  PREFIX_INPUT_HASH,
} from '../semconv/attributes.ts'
import type { Budget } from './budget.ts'
import { contentHash } from './content-hash.ts'
import { cut } from './cut.ts'
import type { ContentSettings, MaskContext } from './settings.ts'
import { type ValueText, valueText } from './text.ts'

/** Writes the inputs of a call, each by itself and within the size cap: one that cannot be read costs only itself. */
export function writeInputs(
  attributes: Attributes,
  operator: string,
  { roles, plain, omitted = 0 }: Inputs,
  content: ContentSettings,
  budget: Budget,
): void {
  attributes[ATTR_INPUT_MIME_TYPE] = 'application/json'
  let text = ''
  const add = (role: string, json: string) => {
    text += `${text === '' ? '' : ','}${JSON.stringify(role)}:${json}`
  }
  for (let index = 0; index < roles.length; index++) {
    const role = roles[index] ?? ''
    const value = plain[index]
    if (value === undefined || typeof value === 'function') continue
    const { written, hash } = capture(value, content, budget, {
      operator,
      direction: 'input',
      role,
    })
    if (hash !== undefined) attributes[PREFIX_INPUT_HASH + role] = hash
    if (written) add(role, written.isString ? JSON.stringify(written.text) : written.text)
  }
  if (omitted > 0) add('…', `"${omitted} more"`)
  attributes[ATTR_INPUT_VALUE] = `{${text}}`
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
  const { written, hash } = capture(value, content, budget, context, whole)
  if (hash !== undefined) attributes[ATTR_OUTPUT_HASH] = hash
  if (!written) return
  attributes[ATTR_OUTPUT_VALUE] = written.text
  attributes[ATTR_OUTPUT_MIME_TYPE] = written.isString ? 'text/plain' : 'application/json'
}

/** What is written of a value, and its hash where that is not all of it. */
interface Captured {
  readonly written: ValueText | undefined
  readonly hash: string | undefined
}

function capture(
  value: unknown,
  { captureContent, mask, maxValueLength }: ContentSettings,
  budget: Budget,
  context: MaskContext,
  known?: ValueText,
): Captured {
  const whole = () => known ?? valueText(value, budget, maxValueLength)
  try {
    const shown = captureContent && mask ? mask(value, context) : value
    if (!captureContent || shown === undefined) {
      return { written: undefined, hash: contentHash(value, whole(), budget) }
    }
    const text = shown === value ? whole() : valueText(shown, budget, maxValueLength)
    if (!text.isString) {
      return { written: text, hash: text.isCut ? contentHash(shown, text, budget) : undefined }
    }
    const room = Math.min(maxValueLength, budget.characters)
    if (text.text.length <= room) {
      budget.spend(0, text.text.length)
      return { written: text, hash: undefined }
    }
    const kept = cut(text.text, room)
    budget.spend(0, kept.length)
    return {
      written: { text: kept, isString: true, isCut: true },
      hash: contentHash(shown, text, budget),
    }
  } catch (error) {
    const unreadable = `[unreadable: ${reasonOf(error)}]`
    // A mask that throws withholds.
    if (mask) return { written: undefined, hash: undefined }
    return { written: { text: unreadable, isString: true, isCut: true }, hash: undefined }
  }
}
