import type { Frame } from '../inspection/frames.ts'
import type { AnyFunction } from '../operator/options.ts'
import type { DeclaredArgument } from '../operator/signature.ts'
import { signatureOf, sourceText } from '../operator/source-text.ts'
import { isAsWritten } from './as-written.ts'
import { isShort, looksMinified, namesIn } from './minified.ts'

/** Whether a function's arguments have lost the names that their author gave them. `frames` are where it is recorded. */
export function hasMangledArguments(
  source: string,
  declared: readonly DeclaredArgument[],
  frames: readonly Frame[],
): boolean {
  const names = namesIn(declared)
  if (names.length === 0 || !names.every(isShort) || !looksMinified(source)) return false
  return !isAsWritten(source, names, frames)
}

/** Whether a function has lost the name that its author gave it. */
export function hasMangledName(fn: AnyFunction, frames: readonly Frame[]): boolean {
  const source = sourceText(fn)
  if (!isShort(fn.name) || !looksMinified(source)) return false
  const names = namesIn(signatureOf(fn)?.declared ?? [])
  return !isAsWritten(source, names, frames, fn.name)
}
