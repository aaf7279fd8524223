import { countUpTo } from '@trace2/source'
import type { Frame } from '../inspection/frames.ts'
import type { AuthoredFunction } from './authored.ts'
import { sharedBindings } from './bindings.ts'
import { builtFile } from './built-file.ts'
import { findFunction, recordingCall } from './calls.ts'
import { describeFunction, functionText } from './describe.ts'
import { looksMinified } from './minified.ts'
import { type ModuleText, type Placed, readModule } from './module-text.ts'
import { givenIn, itselfIn } from './names-in-text.ts'
import { originalText } from './node-files.ts'
import { isCompiledFrom, isSameProgram, isSameText } from './same-function.ts'

const callsTried = 3
const linesAway = 2

/**
 * Finds a recorded function in the author's text: the place of the call that records it leads there, by the source
 * map of the file where it has one. `undefined` where there is no such text, or none that fits. Never throws.
 */
export function lookUpFunction(
  built: string,
  frames: readonly Frame[],
): AuthoredFunction | undefined {
  return firstFound(frames, (frame) => lookUpAt(built, frame))
}

/** What the text that runs says of the names in a function: under which it knows itself, and what is declared for it. */
export type NamesInBuild = Pick<AuthoredFunction, 'itself' | 'given'>

/** As {@link lookUpFunction}, in what a minifier left. */
export function lookUpNames(built: string, frames: readonly Frame[]): NamesInBuild | undefined {
  return firstFound(frames, (frame) => {
    const file = builtFile(frame.file)
    if (!file) return undefined
    const found = findRecorded({ ...frame, text: file.text, mapped: false }, built)
    return found && { itself: itselfIn(found.fn, found.call), given: givenIn(found.fn, found.call) }
  })
}

/**
 * Whether names mean the same in another function of the module as where a function is recorded; `undefined` where its
 * module is not known.
 */
export function sharesNames(
  built: string,
  frames: readonly Frame[],
  other: string,
  names: Iterable<string>,
): boolean | undefined {
  const wanted = [...names]
  const verdict = firstFound(frames, (frame) => {
    const original = originalPlace(frame)
    const found = original && findRecorded(original, built)
    if (!found) return undefined
    const { module, call } = found
    const same = [...module.functions.values()]
      .flat()
      .filter((each) => isSameText(other, functionText(module.text, each)))
    // Of two functions with one text, nothing says which it is.
    const [only, ...more] = same
    const shares =
      only && more.length === 0 && sharedBindings(wanted, only, call).length === wanted.length
    return { shares: shares === true }
  })
  return verdict?.shares
}

function firstFound<T>(
  frames: readonly Frame[],
  find: (frame: Frame) => T | undefined,
): T | undefined {
  for (const frame of frames) {
    try {
      const found = find(frame)
      if (found) return found
    } catch {
      // What cannot be read is not found.
    }
  }
  return undefined
}

function lookUpAt(built: string, frame: Frame): AuthoredFunction | undefined {
  const original = originalPlace(frame)
  // Without a map, the file is what its author wrote, unless a minifier did.
  if (!original || (!original.mapped && looksMinified(built))) return undefined
  const found = findRecorded(original, built)
  if (!found) return undefined
  const { module, fn, call } = found
  const described = { ...describeFunction(module, fn, call), file: original.file }
  const runsAsWritten = isSameText(built, functionText(module.text, fn))
  return runsAsWritten ? { ...described, given: givenIn(fn, call) } : described
}

/** The call that records a function whose source text is known, and the function. */
function findRecorded(
  original: Omit<Original, 'file'>,
  built: string,
): { readonly module: ModuleText; readonly fn: Placed; readonly call: Placed } | undefined {
  const module = moduleOf(original.text)
  for (const call of module ? callsNear(module, original) : []) {
    const recorded = recordingCall(call.node)
    const fn =
      module && recorded && findFunction(module, recorded.passed, [...call.around, call.node])
    if (!fn) continue
    const isSame =
      isSameText(built, functionText(module.text, fn)) ||
      // Without a map the place may be another function's: a runtime that compiles in memory has its own lines.
      (original.mapped ? isCompiledFrom(built, fn.node) : isSameProgram(built, fn.node))
    if (isSame) return { module, fn, call }
  }
  return undefined
}

interface Original {
  readonly file: string
  readonly text: string
  readonly line: number
  readonly column: number
  /** Whether a source map led there. */
  readonly mapped: boolean
}

/** Where a place in running code is in the author's text. Lines and columns count from 1. */
function originalPlace({ file, line, column }: Frame): Original | undefined {
  const built = builtFile(file)
  if (!built) return undefined
  if (!built.map) return { file: built.path, text: built.text, line, column, mapped: false }
  const entry = built.map.map.findEntry(line - 1, column - 1)
  if (!('originalSource' in entry)) return undefined
  const text = originalText(built.map, entry.originalSource)
  if (text === undefined) return undefined
  return {
    file: entry.originalSource,
    text,
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
    mapped: true,
  }
}

let lastModule: WeakRef<ModuleText> | undefined

function moduleOf(text: string): ModuleText | undefined {
  const known = lastModule?.deref()
  if (known?.text === text) return known
  const module = readModule(text)
  if (module) lastModule = new WeakRef(module)
  return module
}

/** The calls whose beginning is near a place, the nearest first. */
function callsNear(
  { calls, lines }: ModuleText,
  { line, column }: Pick<Frame, 'line' | 'column'>,
): readonly Placed[] {
  const position = lines.positionOf(line, column)
  const index = countUpTo(calls, position, ({ node }) => node.start)
  const distance = ({ node }: Placed) => Math.abs(node.start - position)
  return calls
    .slice(Math.max(0, index - callsTried), index + callsTried)
    .filter(({ node }) => Math.abs(lines.lineOf(node.start) - line) <= linesAway)
    .toSorted((a, b) => distance(a) - distance(b))
}
