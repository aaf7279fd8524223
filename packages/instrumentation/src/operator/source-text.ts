import { shared } from '@trace2/core'
import type { AnyFunction } from './options.ts'
import { parseSignature, type Signature } from './signature.ts'

const sources = shared('operator.sources', () => new WeakMap<object, AnyFunction>())

/** Notes which function stands behind a bundle, whose own source text cannot be read. */
export function rememberSource(bundle: object, fn: AnyFunction): void {
  sources.set(bundle, innermost(fn))
}

/** The function that a bundle records, also through other bundles; any other function itself. */
export function innermost(fn: AnyFunction): AnyFunction {
  return sources.get(fn) ?? fn
}

/** The source text of a function; of a bundle, that of the function that it records. */
export function sourceText(fn: AnyFunction): string {
  return String(innermost(fn))
}

/** The signature of a function as its source has it; `undefined` where the source cannot be read. */
export function signatureOf(fn: AnyFunction): Signature | undefined {
  return parseSignature(sourceText(fn))
}
