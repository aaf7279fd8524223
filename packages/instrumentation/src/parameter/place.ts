import { framesAbove } from '../inspection/frames.ts'
import { stackAbove } from '../operator/stack.ts'
import type { Place } from './code-place.ts'

export type { Place } from './code-place.ts'

/** Where `factory` was called; `undefined` where the runtime does not tell. */
export function placeOfCall(factory: (...args: never[]) => unknown): Place | undefined {
  const stack = stackAbove(factory) ?? ''
  const frame = /\n\s+at (?:async )?(?:(.*?) \()?(.+?)([?#][^\s)]*?)?:(\d+):(\d+)\)?(?:\n|$)/.exec(
    stack,
  )
  if (!frame) return undefined
  const [, within = '', file = '', query = '', line = '', column = ''] = frame
  const begins = framesAbove(factory)[0]?.begins
  return { file, query, within, begins, text: `${file}:${line}:${column}` }
}

/**
 * Whether a differing declaration at `later` is the one at `earlier` evaluated again after an edit, as development
 * servers do: the same function of the same file, lines not counted because an edit moves them. Two places of one file
 * that a bundler made of several are told apart by time: `atOnce` says that both ran before the event loop went on,
 * which is how a program begins. In production nothing is edited.
 */
export function isEvaluatedAgain(
  earlier: Place | undefined,
  later: Place | undefined,
  atOnce: boolean,
): boolean {
  if (!earlier || !later || isProduction()) return false
  if (earlier.file !== later.file || earlier.within !== later.within) return false
  if (earlier.within === '' && !mayBeOneFunction(earlier.begins, later.begins)) return false
  return !atOnce || earlier.query !== later.query
}

/**
 * Whether two functions without a name may be the same one, of which an edit has moved the lines: a module begins on the
 * first line and a function inside it does not, and how far a function is indented rarely changes.
 */
function mayBeOneFunction(earlier: Place['begins'], later: Place['begins']): boolean {
  if (!earlier || !later) return true
  return (earlier.line === 1) === (later.line === 1) && earlier.column === later.column
}

function isProduction(): boolean {
  return typeof process !== 'undefined' && process.env?.NODE_ENV === 'production'
}
