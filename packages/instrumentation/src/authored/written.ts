import { isSafeName, readFacts, withWrittenNames } from '@trace2/source'
import { type Frame, framesAbove } from '../inspection/frames.ts'
import type { AnyFunction } from '../operator/options.ts'
import { sourceText } from '../operator/source-text.ts'
import { type AuthoredFunction, type AuthoredOptions, authored } from './authored.ts'
import { lookUpNames, type NamesInBuild, sharesNames } from './look-up.ts'
import { looksMinified } from './minified.ts'
import type { VisibleSource } from './source.ts'

/** The source of a trainable function with the names that are declared for it. */
export interface WrittenSource {
  readonly text: string
  /** Names that stand for the function in its own source; `undefined` where its module is not known. */
  readonly itself: ReadonlySet<string> | undefined
  /** Names in it that may be a minifier's, and another thing than what is declared under the same name. */
  readonly doubtful: ReadonlySet<string>
  /** Whether names in the source of a helper are those that are declared. */
  readonly sharesNames: (helper: AnyFunction, names: readonly string[]) => boolean
}

const longestMade = 3

/**
 * Gives built source the names that its author declared, as far as something says which they are: the call that
 * records the function, or the form of a name (`limit$1`, `crypto_1.createHash`). Nothing is inferred from what is left.
 */
export function writtenSource(
  { text }: VisibleSource,
  fn: AnyFunction,
  options: AuthoredOptions,
  declared: ReadonlySet<string>,
  factory: AnyFunction,
): WrittenSource {
  const author = options[authored]
  const frames = framesAbove(factory)
  const isMinified = author?.source === undefined && looksMinified(text)
  const free = freeNames(text)
  const names = namesOf(author, fn, free.length > 0 ? frames : [])
  const given = names?.given ?? numberedNames(free, declared)
  const written = withWrittenNames(text, { declared, written: given })
  const isKnown = (name: string) => given.has(name) || names?.itself?.includes(name) === true
  // Where a name would be hidden, none of them is told from another.
  const doubtful =
    written === undefined
      ? free
      : isMinified
        ? free.filter((name) => name.length <= longestMade && !isKnown(name))
        : []
  return {
    text: written ?? text,
    itself: names?.itself && new Set(names.itself),
    doubtful: new Set(doubtful),
    sharesNames: (helper, used) => {
      const source = sourceText(helper)
      if (used.length === 0) return true
      // A bundle has the author's module no longer: only long names are left as he wrote them.
      const isPlain = !looksMinified(source) && used.every((name) => name.length > longestMade)
      return sharesNames(sourceText(fn), frames, source, used) ?? isPlain
    },
  }
}

function freeNames(text: string): readonly string[] {
  const facts = readFacts(text)
  return 'fault' in facts ? [] : [...facts.free].filter((name) => !isSafeName(name))
}

function namesOf(
  author: AuthoredFunction | undefined,
  fn: AnyFunction,
  frames: readonly Frame[],
): NamesInBuild | undefined {
  if (author?.source !== undefined) return author
  return lookUpNames(sourceText(fn), frames)
}

/** Where two modules have a name, a bundler numbers one of them: `limit$1`. */
function numberedNames(
  free: readonly string[],
  declared: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const numbered = new Map<string, string>()
  for (const name of free) {
    const base = name.replace(/\$\d+$/, '')
    if (!declared.has(name) && declared.has(base)) numbered.set(name, base)
  }
  return numbered
}
