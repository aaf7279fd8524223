import { parseProgram, type Syntax, visit } from '../source/syntax.ts'
import {} from '../source/walk.ts'
import type { AuthoredFunction } from './authored.ts'
import { findFunction, recordingCall } from './calls.ts'
import { assignedName, describeFunction, type Placed } from './describe.ts'
import type { Frame } from './frames.ts'
import { looksMinified } from './minified.ts'
import { type LocatedMap, localPath, originalText, readText, sourceMapOf } from './node-files.ts'
import { isSameFunction } from './same-function.ts'

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
  for (const frame of frames) {
    try {
      const found = lookUpAt(built, frame)
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
  if (original && !original.mapped && looksMinified(built)) return undefined
  const syntax = original && syntaxOf(original.text)
  if (!syntax || 'fault' in syntax) return undefined
  const near = callsNear(syntax, offsetOf(syntax.text, original.line, original.column))
  for (const call of near.slice(0, callsTried)) {
    const recorded = recordingCall(call.node)
    const fn = recorded && findFunction(syntax, recorded.passed, [...call.around, call.node])
    if (fn && isSameFunction(built, fn.node)) {
      const described = describeFunction(syntax, fn, call)
      return { ...described, ...nameBeforeBundling(described, call, original), file: original.file }
    }
  }
  return undefined
}

/** A bundler that makes one file of many puts a number after a name that is there already: `const a = bundle(function a2 …`. */
function nameBeforeBundling(
  { name }: AuthoredFunction,
  call: Placed,
  { mapped }: Original,
): { readonly name?: string } {
  const assigned = mapped ? undefined : assignedName(call)
  return assigned !== undefined && name?.replace(/\d+$/, '') === assigned ? { name: assigned } : {}
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
  const path = localPath(file)
  const built = path === undefined ? undefined : builtFile(path)
  if (path === undefined || !built) return undefined
  if (!built.map) return { file: path, text: built.text, line, column, mapped: false }
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

interface BuiltFile {
  readonly text: string
  readonly map: LocatedMap | undefined
}

// A module records several functions one after the other; its files are read once for them, and not kept.
let lastFile: { readonly path: string; readonly held: WeakRef<BuiltFile> } | undefined
let lastSyntax:
  | { readonly text: WeakRef<{ readonly syntax: ReturnType<typeof parseProgram> }> }
  | undefined

function builtFile(path: string): BuiltFile | undefined {
  const known = lastFile?.path === path ? lastFile.held.deref() : undefined
  if (known) return known
  const text = readText(path)
  if (text === undefined) return undefined
  const file = { text, map: sourceMapOf(path, text) }
  lastFile = { path, held: new WeakRef(file) }
  return file
}

function syntaxOf(text: string): ReturnType<typeof parseProgram> {
  const known = lastSyntax?.text.deref()?.syntax
  if (known && !('fault' in known) && known.text === text) return known
  const syntax = parseProgram(text)
  lastSyntax = { text: new WeakRef({ syntax }) }
  return syntax
}

/** The calls whose beginning is near a position, the nearest first. */
function callsNear(syntax: Syntax, position: number): readonly Placed[] {
  const calls: Placed[] = []
  visit(syntax.root, (node, around) => {
    if (node.type === 'CallExpression') calls.push({ node, around })
    return undefined
  })
  const distance = ({ node }: Placed) => Math.abs(node.start - position)
  const between = (a: number, b: number) =>
    syntax.text.slice(Math.min(a, b), Math.max(a, b)).split('\n').length - 1
  return calls
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, callsTried)
    .filter(({ node }) => between(node.start, position) <= linesAway)
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let each = 1; each < line; each++) start = text.indexOf('\n', start) + 1
  return start + column - 1
}
