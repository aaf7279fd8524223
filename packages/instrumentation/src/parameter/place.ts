import { stackAbove } from '../operator/stack.ts'

/** Where in a program's code something was declared. */
export interface Place {
  /** The file, without what follows `?` or `#`: a development server adds that when it evaluates a module again. */
  readonly file: string
  readonly query: string
  /** The function around it, as a stack names it; empty for a module. */
  readonly within: string
  /** For people: file, line and column. */
  readonly text: string
}

/** Where `factory` was called; `undefined` where the runtime does not tell. */
export function placeOfCall(factory: (...args: never[]) => unknown): Place | undefined {
  const stack = stackAbove(factory)
  const frame =
    stack !== undefined
      ? /\n\s+at (?:async )?(?:(.*?) \()?(.+?)([?#][^\s)]*?)?:(\d+):(\d+)\)?(?:\n|$)/.exec(stack)
      : undefined
  if (!frame) return undefined
  const [, within = '', file = '', query = '', line = '', column = ''] = frame
  return { file, query, within, text: `${file}:${line}:${column}` }
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
  return !atOnce || earlier.query !== later.query
}

function isProduction(): boolean {
  return typeof process !== 'undefined' && process.env?.NODE_ENV === 'production'
}
