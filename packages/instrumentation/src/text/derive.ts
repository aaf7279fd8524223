import { findOrigins } from '../lineage/origins.ts'
import { isNode } from '../node.ts'
import { currentState, readParameter } from '../operator/frame.ts'
import { isParameter } from '../parameter/parameter.ts'
import { t } from '../template.ts'

/**
 * Makes a text from a value with any function and keeps where the value came from, as a template with that one value
 * in it does.
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

/** The value behind a node or parameter; any other type is itself. */
export type Plain<T> = T extends { readonly value: infer V; toJSON(): infer V } ? V : T

/** As `String.prototype.slice`, keeping where the text came from. */
export function sliceText(source: unknown, start?: number, end?: number): string {
  return deriveText(source, (value) => String(value).slice(start, end))
}

/**
 * As `Array.prototype.join`, keeping where each part came from.
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
