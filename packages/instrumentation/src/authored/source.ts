import { type AnyFunction, type OperatorOptions, signatureOf } from '../operator/operator.ts'
import { withoutNameHelpers } from '../source/name-helpers.ts'
import { type AuthoredOptions, authored } from './authored.ts'
import { looksMinified } from './minified.ts'

/** The source of a trainable function as an optimizer's model sees it. */
export interface VisibleSource {
  readonly text: string
  /** Whether it is what a compiler left, whose names may mean nothing. */
  readonly asBuilt: boolean
}

/** The author's source where it is known, else that of the function that runs; `undefined` where there is none. */
export function visibleSource(
  fn: AnyFunction,
  options: OperatorOptions & AuthoredOptions,
): VisibleSource | undefined {
  const source = options[authored]?.source
  if (source === undefined && !signatureOf(fn)) return undefined
  const whole = source ?? String(fn)
  const text = withoutNameHelpers(whole)
  return { text, asBuilt: text !== whole || (source === undefined && looksMinified(whole)) }
}
