import { findOrigins } from '../lineage/origins.ts'
import { isNode } from '../node.ts'
import { currentState, readParameter } from '../operator/frame.ts'
import { isParameter } from '../parameter/parameter.ts'
import { t } from '../template.ts'

/**
 * Makes a text from a value with any function. The text keeps the origin of the value, as if it were made by
 * `` t`${value}` ``.
 *
 * @example const short = deriveText(page, (text) => text.toLowerCase().trim())
 */
export function deriveText<T>(source: T, make: (value: Plain<T>) => string): string {
  const run = currentState()
  const { matches } = findOrigins(source, run)
  // The caller's function gets what it would get from the value itself.
  const text = make(plainValue(source) as Plain<T>)
  if (matches.length > 0) {
    run.lineage.templates.add(text, {
      text: '{0}',
      sources: matches.map(({ origin, use }) => ({ origin, use })),
    })
  }
  return text
}

/** The type of the plain value: of a node or parameter the type of its value, otherwise the type itself. */
export type Plain<T> = T extends { readonly value: infer V; toJSON(): infer V } ? V : T

/** Cuts a text as `String.prototype.slice` does and keeps its origin. `start` and `end` count UTF-16 code units. */
export function sliceText(source: unknown, start?: number, end?: number): string {
  return deriveText(source, (value) => String(value).slice(start, end))
}

/**
 * Joins texts as `Array.prototype.join` does and keeps the origin of each part.
 *
 * @example const context = joinText(passages, '\n\n')
 */
export function joinText(parts: readonly unknown[], separator = ','): string {
  const strings = ['', ...parts.slice(1).map(() => separator), '']
  return parts.length === 0 ? '' : t(Object.assign(strings, { raw: strings }), ...parts)
}

function plainValue(source: unknown): unknown {
  if (isParameter(source)) return readParameter(source).value
  return isNode(source) ? source.value : source
}
