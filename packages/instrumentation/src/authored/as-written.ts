import { childOf, isFunction, type Tree, visit } from '@trace2/source'
import type { Frame } from '../inspection/frames.ts'
import { declaredArguments } from '../operator/signature.ts'
import { functionText, ownName } from './describe.ts'
import { looksMinified, namesIn } from './minified.ts'
import { type ModuleText, type Placed, readModule } from './module-text.ts'
import { evaluatedPath, localPath, readText, relativeFile } from './node-files.ts'
import { isCompiledFrom } from './same-function.ts'

/** How many files are read: those that record the function, and what they import. */
const mostFiles = 12
/** What a minifier leaves has hardly a line's end. */
const longestLines = 400
const mostKnown = 1_000

const known = new Map<string, boolean>()

/**
 * Whether a function whose source has no blanks has the names that its author gave it all the same: the files of the
 * running program say so. A loader that compiles files in memory leaves no blanks either (`tsx`), and some authors write
 * none. Never throws.
 *
 * @param names of the function's arguments, as it runs
 * @param name of the function as it runs, where that is in doubt
 */
export function isAsWritten(
  built: string,
  names: readonly string[],
  frames: readonly Frame[],
  name?: string,
): boolean {
  const key = [frames[0]?.file, name, built].join('\n')
  let verdict = known.get(key)
  if (verdict === undefined) {
    verdict = isWrittenIn(frames, { built, names, name })
    if (known.size >= mostKnown) known.clear()
    known.set(key, verdict)
  }
  return verdict
}

interface Running {
  readonly built: string
  readonly names: readonly string[]
  readonly name: string | undefined
}

function isWrittenIn(frames: readonly Frame[], running: Running): boolean {
  const paths = new Set(frames.flatMap(({ file }) => localPath(file) ?? evaluatedPath(file) ?? []))
  try {
    // What is added meanwhile is gone through too.
    for (const path of paths) {
      const module = moduleAt(path)
      if (!module) continue
      if (functionsOf(module).some((fn) => isWrittenAs(module, fn, running))) return true
      for (const from of importsOf(module)) {
        const imported = paths.size < mostFiles ? relativeFile(path, from) : undefined
        if (imported !== undefined) paths.add(imported)
      }
    }
  } catch {
    // What cannot be read says nothing.
  }
  return false
}

const unreadable = new Set<string>()
const modules = new Map<string, WeakRef<ModuleText>>()

/** The text of a file that a person wrote; `undefined` where there is none, or where a minifier wrote it. */
function moduleAt(path: string): ModuleText | undefined {
  if (unreadable.has(path)) return undefined
  const held = modules.get(path)?.deref()
  if (held) return held
  const text = readText(path)
  const isWritten = text !== undefined && text.length <= longestLines * text.split('\n').length
  const module = isWritten ? readModule(text) : undefined
  if (module) modules.set(path, new WeakRef(module))
  else unreadable.add(path)
  return module
}

function functionsOf({ syntax }: ModuleText): readonly Placed[] {
  const found: Placed[] = []
  visit(syntax.root, (node, around) => {
    if (isFunction(node)) found.push({ node, around })
    return undefined
  })
  return found
}

/** Whether a function of a file is the one that runs, and is written by a person. */
function isWrittenAs(module: ModuleText, fn: Placed, { built, names, name }: Running): boolean {
  const written = namesIn(declaredArguments(fn.node))
  if (written.join() !== names.join()) return false
  if (name !== undefined && ownName(fn) !== name) return false
  if (looksMinified(functionText(module.text, fn)) && !beginsLine(module, fn)) return false
  return isCompiledFrom(built, fn.node)
}

/** Whether the statement or member that has a function in it is the first of its line. */
function beginsLine({ text }: ModuleText, { node, around }: Placed): boolean {
  const statement = [...around, node].toReversed().find(({ type }) => statements.test(type))
  const start = statement?.start ?? node.start
  return /^\s*(?:export(?: default)?\s*)?$/.test(
    text.slice(text.lastIndexOf('\n', start) + 1, start),
  )
}

const statements = /(?:Statement|Declaration|Definition)$/

/** The files that a module imports by a path. */
function importsOf({ syntax }: ModuleText): readonly string[] {
  const found: string[] = []
  visit(syntax.root, (node) => {
    const source: Tree | undefined = /^(?:Import|Export)/.test(node.type)
      ? childOf(node, 'source')
      : undefined
    if (typeof source?.value === 'string') found.push(source.value)
    return undefined
  })
  return found.filter((from) => /^\.{1,2}\//.test(from))
}
