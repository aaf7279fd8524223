import { type Frame, framesAbove } from '../inspection/frames.ts'
import type { AnyFunction } from '../operator/options.ts'
import { sourceText } from '../operator/source-text.ts'
import { type AuthoredFunction, type AuthoredOptions, authored } from './authored.ts'
import { lookUpFunction } from './look-up.ts'
import { looksMinified } from './minified.ts'
import { operatorName } from './operator-name.ts'

/** What a function is recorded as. */
export interface Identity<O> {
  readonly name: string
  /** The given options, with what is known of the author's text. */
  readonly options: O & AuthoredOptions
  /** Where it is recorded, if that may have to be looked at. */
  readonly frames: readonly Frame[]
}

/**
 * Finds out what a recorded function is called and how its author wrote it: from the build plugin or, for a trainable
 * function, from its source map or file. Files are read for trainable functions, and for those of which a minifier may have
 * taken the names.
 */
export function identify<O extends object>(
  given: string | undefined,
  fn: AnyFunction,
  options: O & AuthoredOptions,
  factory: AnyFunction,
): Identity<O> {
  const trainable = 'trainable' in options && options.trainable === true
  const known = options[authored]
  const isAsked = trainable ? known?.source === undefined : !known && looksMinified(sourceText(fn))
  const frames = isAsked ? framesAbove(factory) : []
  const author: AuthoredFunction | undefined =
    known ?? (trainable ? lookUpFunction(sourceText(fn), frames) : undefined)
  const name = given ?? operatorName(fn, author, trainable, frames)
  return { name, options: author && !known ? { ...options, [authored]: author } : options, frames }
}
