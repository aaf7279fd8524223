import { readFacts } from './facts.ts'
import { functionSyntax, visit } from './syntax.ts'
import { childOf, isClass, isFunction, listOf, type Tree } from './walk.ts'

/**
 * Source text without the calls by which esbuild, and what builds on it, gives functions back their names:
 * `__name(fn, "fn")` is `fn`. A minifier shortens that helper's own name too: `isShortened` says whether a name is one
 * that it gave the helper.
 */
export function withoutNameHelpers(
  source: string,
  isShortened: (name: string) => boolean = () => false,
): string {
  const facts = readFacts(source)
  const syntax = 'fault' in facts || facts.free.size === 0 ? undefined : functionSyntax(source)
  if ('fault' in facts || !syntax || 'fault' in syntax) return source
  const calls = new Map<string, Tree[]>()
  const around = new Map<Tree, readonly Tree[]>()
  visit(syntax.root, (node, outer) => {
    const callee = node.type === 'CallExpression' ? childOf(node, 'callee') : undefined
    const name = callee?.type === 'Identifier' ? String(callee.name) : ''
    if (facts.free.has(name)) {
      calls.set(name, [...(calls.get(name) ?? []), node])
      around.set(node, outer)
    }
    return undefined
  })
  const deleted: (readonly [start: number, end: number])[] = []
  for (const [name, each] of calls) {
    if (!each.every(givesName) || !(/^__name\d*$/.test(name) || isShortened(name))) continue
    for (const call of each) {
      const [first, ...rest] = deletions(call, around.get(call) ?? [])
      if (first) deleted.push([withMark(syntax.text, first[0]), first[1]], ...rest)
    }
  }
  const offset = syntax.text.indexOf(source)
  return without(
    source,
    deleted.map(([start, end]) => [start - offset, end - offset]),
  )
}

/** The names that a minifier gave the helper in the text of a built file, which says by its body what it is. */
export function shortenedNameHelpers(file: string): ReadonlySet<string> {
  const helper =
    /([\w$]+)=\(([\w$]+),([\w$]+)\)=>[\w$.]+\(\2,"name",\{value:\3,configurable:(?:!0|true)\}\)/g
  return new Set([...file.matchAll(helper)].map(([, name = '']) => name))
}

/** A call with something that has a name, and the name. */
function givesName(call: Tree): boolean {
  const [first, second, ...more] = listOf(call, 'arguments')
  if (!first || more.length > 0 || typeof second?.value !== 'string') return false
  return (
    isFunction(first) ||
    isClass(first) ||
    first.type === 'Identifier' ||
    first.type === 'ThisExpression' ||
    first.type === 'CallExpression'
  )
}

function deletions(
  call: Tree,
  around: readonly Tree[],
): readonly (readonly [start: number, end: number])[] {
  const [first] = listOf(call, 'arguments')
  const statement = around.at(-1)
  const block = around.at(-2)
  const names = first?.type === 'Identifier' || first?.type === 'ThisExpression'
  if (statement?.type === 'ExpressionStatement' && names) {
    const whole = block?.type === 'StaticBlock' && listOf(block, 'body').length === 1
    const gone = whole && block ? block : statement
    return [[gone.start, gone.end]]
  }
  return first
    ? [
        [call.start, first.start],
        [first.end, call.end],
      ]
    : []
}

/** Where the comment begins that tells minifiers that a call may go. */
function withMark(text: string, start: number): number {
  const mark = /\/\* @__PURE__ \*\/\s*$/.exec(text.slice(Math.max(0, start - 40), start))
  return start - (mark?.[0].length ?? 0)
}

function without(
  text: string,
  deleted: readonly (readonly [start: number, end: number])[],
): string {
  let kept = ''
  let at = 0
  for (const [start, end] of deleted.toSorted((a, b) => a[0] - b[0])) {
    if (start < at) continue
    kept += text.slice(at, start)
    at = end
  }
  return kept + text.slice(at)
}
