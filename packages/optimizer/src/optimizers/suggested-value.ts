import type { Json } from '@trace2/core'
import { lenient, type Read } from '@trace2/evaluation/llm'
import type { Variable } from '../prompt/index.ts'
import {
  changesNothing,
  checkValue,
  holdsFence,
  isCode,
  isEmptyText,
  missingPlaceholders,
  standIn,
  textsIn,
} from '../values/index.ts'

/**
 * Reads the value that an answer has for a variable: `undefined` where that changes nothing. A value that fits only in
 * another form (a number in quotes, JSON in a string, code in a fence) is taken in that form.
 *
 * @param fence the token of the prompt's tags, which is no part of a value.
 */
export function readValue(
  variable: Variable,
  proposed: Json,
  fence?: string,
): Read<Json | undefined> {
  // There is nothing to change about a variable that cannot be null.
  if (isNothing(proposed) && !checkValue(variable, null).ok) return { ok: true, value: undefined }
  let first: Read<Json | undefined> | undefined
  for (const form of formsOf(variable, proposed)) {
    const result = checked(variable, form, fence)
    if (result.ok) return result
    first ??= result
  }
  const isSameInWords = formsOf(variable, proposed).some((form) => standsFor(variable, form))
  return first && !isSameInWords ? first : { ok: true, value: undefined }
}

/** `null`, or `{"value": null}`. */
function isNothing(proposed: Json): boolean {
  return proposed === null || insideOf(proposed)[0] === null
}

function standsFor(variable: Variable, form: Json): boolean {
  return typeof form === 'string' && standIn(variable, form) === 'stays'
}

function checked(variable: Variable, proposed: Json, fence?: string): Read<Json | undefined> {
  const projected = projectedBy(variable, proposed)
  if (!projected.ok) return projected
  const result = checkValue(variable, projected.value)
  if (!result.ok) return { ...result, meant: 'surely' }
  const { value } = result
  if (changesNothing(variable, value)) return { ok: true, value: undefined }
  const instead = typeof value === 'string' ? standIn(variable, value) : undefined
  if (instead === 'stays') return { ok: true, value: undefined }
  if (instead === 'nothing') {
    return { ok: false, fault: 'it only stands for a value', meant: 'perhaps' }
  }
  if (holdsFence(variable, value, fence)) {
    return { ok: false, fault: 'it holds a tag of this prompt', meant: 'surely' }
  }
  const fault = isEmptyText(variable, value)
    ? 'it is empty; leave out a variable that should stay'
    : variable.findFault?.(value)
  if (fault !== undefined) return { ok: false, fault, meant: 'surely' }
  return { ok: true, value, doubt: placeholderDoubt(variable, value) }
}

function placeholderDoubt(variable: Variable, value: Json): string | undefined {
  if (isCode(variable)) return undefined
  const missing = missingPlaceholders(textsIn(variable.value).join('\n'), textsIn(value).join('\n'))
  return missing.length === 0
    ? undefined
    : `it must keep ${missing.slice(0, 10).join(', ')} as they are, since the program fills them in`
}

/** A projection is made for values of the right type, so that one that throws says something about the value. */
function projectedBy({ projection }: Variable, proposed: Json): Read<unknown> {
  if (!projection) return { ok: true, value: proposed }
  try {
    return { ok: true, value: projection.project(proposed) }
  } catch (error) {
    return { ok: false, fault: `it cannot be projected: ${String(error)}`, meant: 'surely' }
  }
}

/** The value as it is, then what else it can mean. */
function formsOf(variable: Variable, proposed: Json): readonly Json[] {
  const forms = [proposed, ...insideOf(proposed)]
  if (typeof variable.value !== 'string') {
    return forms.flatMap((form) => [form, ...parsedForms(form, variable.value)])
  }
  const quoted = isQuoted(variable.value) ? [] : forms.flatMap(unquoted)
  const texts = isCode(variable) ? [...quoted, ...forms].flatMap(unfenced) : quoted
  // A text in quotes of its own would also do as it is: the first form that fits is taken.
  return [...texts, ...forms]
}

/** `{"value": x}` where the value itself is asked for. */
function insideOf(proposed: Json): readonly Json[] {
  if (typeof proposed !== 'object' || proposed === null || !('value' in proposed)) return []
  return proposed.value === undefined ? [] : [proposed.value]
}

/** What a text holds that was written as JSON once more. */
function unquoted(form: Json): readonly string[] {
  if (typeof form !== 'string' || !isQuoted(form)) return []
  try {
    const inside: unknown = JSON.parse(form)
    return typeof inside === 'string' ? [inside] : []
  } catch {
    return []
  }
}

function isQuoted(text: string): boolean {
  return /^\s*"[\s\S]*"\s*$/.test(text)
}

function unfenced(form: Json): readonly string[] {
  const inside =
    typeof form === 'string' ? /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(form)?.[1] : undefined
  return inside === undefined ? [] : [inside]
}

/** A text as what it spells: a number where one is asked for, otherwise what it is as JSON. */
function parsedForms(form: Json, present: Json): readonly Json[] {
  if (typeof form !== 'string' || form.trim() === '') return []
  if (typeof present === 'number') return Number.isFinite(Number(form)) ? [Number(form)] : []
  try {
    return [lenient(form)]
  } catch {
    return []
  }
}
