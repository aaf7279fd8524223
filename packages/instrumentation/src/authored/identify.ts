import { type Frame, framesAbove } from '../inspection/frames.ts'
import type { AnyFunction } from '../operator/options.ts'
import { sourceText } from '../operator/source-text.ts'
import { type AuthoredFunction, type AuthoredOptions, authored } from './authored.ts'
import { lookUpFunction } from './look-up.ts'
import { operatorName } from './operator-name.ts'

/** What a function is recorded as. */
export interface Identity<O> {
  readonly name: string
  /** The given options, with what is known of the author's text. */
  readonly options: O & AuthoredOptions
}

/**
 * Finds out what a recorded function is called and how its author wrote it: from the build plugin or, for a trainable
 * function, from its source map or file. Files are read for trainable functions only.
 */
export function identify<O extends object>(
  given: string | undefined,
  fn: AnyFunction,
  options: O & AuthoredOptions,
  factory: AnyFunction,
): Identity<O> {
  const trainable = 'trainable' in options && options.trainable === true
  const known = options[authored]
  const frames = trainable && known?.source === undefined ? framesAbove(factory) : []
  const author: AuthoredFunction | undefined =
    known ?? (trainable ? lookUpFunction(sourceText(fn), frames) : undefined)
  const name = given ?? operatorName(fn, author, trainable, placeOf(frames[0]))
  return { name, options: author && !known ? { ...options, [authored]: author } : options }
}

/** A place without what a development server adds to ask for a module anew. */
function placeOf(frame: Frame | undefined): string | undefined {
  return frame && `${frame.file.replace(/[?#].*$/, '')}:${frame.line}:${frame.column}`
}
