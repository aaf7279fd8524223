import { shortenedNameHelpers, withoutNameHelpers } from '@trace2/source'
import { framesAbove } from '../inspection/frames.ts'
import type { AnyFunction, OperatorOptions } from '../operator/options.ts'
import { signatureOf, sourceText } from '../operator/source-text.ts'
import { type AuthoredOptions, authored } from './authored.ts'
import { builtFile } from './built-file.ts'
import { looksMinified } from './minified.ts'

/** The source of a trainable function as an optimizer's model sees it. */
export interface VisibleSource {
  readonly text: string
  /** Whether it is what a compiler left, whose names may mean nothing. */
  readonly asBuilt: boolean
}

/**
 * The author's source where it is known, else that of the function that runs; `undefined` where there is none.
 * `factory` is the function that the program called.
 */
export function visibleSource(
  fn: AnyFunction,
  options: OperatorOptions & AuthoredOptions,
  factory: AnyFunction,
): VisibleSource | undefined {
  const source = options[authored]?.source
  if (source === undefined && !signatureOf(fn)) return undefined
  const whole = source ?? sourceText(fn)
  const isMinified = source === undefined && looksMinified(whole)
  const shortened = isMinified ? nameHelpersAround(factory) : undefined
  const text = withoutNameHelpers(whole, (name) => shortened?.has(name) === true)
  return { text, asBuilt: text !== whole || isMinified }
}

function nameHelpersAround(factory: AnyFunction): ReadonlySet<string> | undefined {
  const [frame] = framesAbove(factory)
  const file = frame && builtFile(frame.file)
  return file && shortenedNameHelpers(file.text)
}
