import { functionSyntax, listOf, type Tree, visit, withoutTypes } from '@trace2/source'
import { wrappers } from './module-text.ts'

const leastShared = 0.5

/** Whether a function runs as it is written, or with its types left out. */
export function isSameText(built: string, author: string): boolean {
  const plain = withoutTypes(author)
  const tight = (text: string) => text.replace(/\s+/g, '')
  return 'source' in plain && tight(plain.source) === tight(built)
}

/** Whether a function runs as it is written but for types, comments and form: Bun prints anew what it runs. */
export function isSameProgram(built: string, author: Tree): boolean {
  const syntax = functionSyntax(built)
  return !('fault' in syntax) && partsOf(syntax.root) === partsOf(author)
}

/** What a function consists of, in the order of its text. */
function partsOf(root: Tree): string {
  const parts: { readonly node: Tree; readonly part: string }[] = []
  visit(root, (node) => {
    if (wrappers.has(node.type)) return undefined
    if (node.type.startsWith('TS') || node.name === 'this') return false
    const { type, name, value, operator, kind } = node
    const own = type === 'Literal' ? value : type === 'TemplateElement' ? templateText(node) : name
    parts.push({ node, part: [type, own, operator, kind].map(String).join(' ') })
    return undefined
  })
  return parts
    .filter(({ node }) => node.type !== 'EmptyStatement')
    .toSorted((a, b) => a.node.start - b.node.start || b.node.end - a.node.end)
    .map(({ part }) => part)
    .join('\n')
}

/**
 * Whether the source text of a running function may be what a compiler made of a function in the author's text.
 * Compilers rename variables and rewrite statements; what stays are the names of members, the texts and the numbers.
 */
export function isCompiledFrom(built: string, author: Tree): boolean {
  const syntax = functionSyntax(built)
  if ('fault' in syntax) return false
  const marks = marksOf(syntax.root)
  const known = marksOf(author)
  // A function that is written anew for an older language takes its arguments from `arguments`.
  const counts = marks.has('arguments') || argumentCount(syntax.root) === argumentCount(author)
  if (!counts) return false
  const wanted = [...marks].filter((mark) => mark !== 'arguments')
  if (wanted.length === 0) return true
  const all = [...known].join('\n')
  const shared = wanted.filter((mark) => known.has(mark) || all.includes(mark)).length
  return shared / wanted.length >= leastShared
}

function argumentCount(fn: Tree): number {
  return listOf(fn, 'params').filter((node) => node.name !== 'this').length
}

/** Members, texts and numbers of a function, and `arguments` where it uses them. */
function marksOf(root: Tree): ReadonlySet<string> {
  const marks = new Set<string>()
  visit(root, (node, around) => {
    // Types do not run.
    if (node.type.startsWith('TS') && !wrappers.has(node.type)) return false
    const parent = around.at(-1)
    if (node.type === 'Literal') marks.add(String(node.value))
    if (node.type === 'TemplateElement') marks.add(templateText(node))
    if (node.type === 'Identifier') {
      const name = String(node.name)
      if (name === 'arguments') marks.add(name)
      if (parent && isMemberName(parent, node)) marks.add(name)
    }
    return undefined
  })
  marks.delete('')
  return marks
}

function isMemberName(parent: Tree, node: Tree): boolean {
  if (parent.computed !== false) return false
  return parent.property === node || parent.key === node
}

function templateText(element: Tree): string {
  const value = element.value
  return typeof value === 'object' && value !== null && 'cooked' in value
    ? String(value.cooked)
    : ''
}
