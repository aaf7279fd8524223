import {
  childOf,
  countUpTo,
  isFunction,
  Lines,
  nameOf,
  parseProgram,
  type Syntax,
  type Tree,
  visit,
} from '@trace2/source'
import type { Comment } from 'acorn'

/** A node with the nodes around it, the outermost first. */
export interface Placed {
  readonly node: Tree
  readonly around: readonly Tree[]
}

/** What may be around a value without making another of it. */
export const wrappers: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
])

/** An expression without brackets and types around it. */
export function unwrapped(node: Tree): Tree {
  const inner = wrappers.has(node.type) ? childOf(node, 'expression') : undefined
  return inner ? unwrapped(inner) : node
}

export function isMethod(node: Tree): boolean {
  return node.type === 'MethodDefinition' || node.method === true
}

/** The text of a module that records functions, gone through once for all of them. */
export class ModuleText {
  readonly text: string
  readonly syntax: Syntax
  readonly lines: Lines
  /** All calls, in the order of their beginnings. */
  readonly calls: readonly Placed[]
  /** Functions that are declared, or assigned to a variable, by name. */
  readonly functions: ReadonlyMap<string, readonly Placed[]>
  /** Functions that are members of objects and classes, by name. */
  readonly members: ReadonlyMap<string, readonly Placed[]>

  constructor(syntax: Syntax) {
    this.text = syntax.text
    this.syntax = syntax
    this.lines = new Lines(syntax.text)
    const calls: Placed[] = []
    const functions = new Map<string, Placed[]>()
    const members = new Map<string, Placed[]>()
    visit(syntax.root, (node, around) => {
      if (node.type === 'CallExpression') calls.push({ node, around })
      add(functions, nameOf(childOf(node, 'id')), declaredFunction(node), node, around)
      if (node.computed !== true) {
        add(members, nameOf(childOf(node, 'key')), memberFunction(node), node, around)
      }
      return undefined
    })
    this.calls = calls.toSorted((a, b) => a.node.start - b.node.start)
    this.functions = functions
    this.members = members
  }

  /** The comments that end right before a position: one block, or lines one below the other. */
  commentsBefore(position: number): readonly Comment[] {
    const run: Comment[] = []
    let before = position
    const { comments } = this.syntax
    const ended = countUpTo(comments, position, ({ end }) => end)
    for (let index = ended - 1; index >= 0; index--) {
      const comment = comments[index]
      if (!comment || this.text.slice(comment.end, before).trim() !== '') break
      if (run.length > 0 && (comment.type === 'Block' || run[0]?.type === 'Block')) break
      run.unshift(comment)
      before = comment.start
    }
    return run
  }
}

/** Reads the text of a module; `undefined` where it cannot be parsed. */
export function readModule(text: string): ModuleText | undefined {
  const syntax = parseProgram(text)
  return 'fault' in syntax ? undefined : new ModuleText(syntax)
}

function add(
  found: Map<string, Placed[]>,
  name: string | undefined,
  fn: Tree | undefined,
  node: Tree,
  around: readonly Tree[],
): void {
  if (name === undefined || !fn) return
  const placed = { node: fn, around: fn === node ? around : [...around, node] }
  const known = found.get(name)
  if (known) known.push(placed)
  else found.set(name, [placed])
}

function declaredFunction(node: Tree): Tree | undefined {
  if (node.type === 'FunctionDeclaration') return node
  return functionIn(node.type === 'VariableDeclarator' ? childOf(node, 'init') : undefined)
}

function memberFunction(node: Tree): Tree | undefined {
  const isMember = isMethod(node) || node.type === 'Property' || node.type === 'PropertyDefinition'
  return functionIn(isMember ? childOf(node, 'value') : undefined)
}

function functionIn(value: Tree | undefined): Tree | undefined {
  const inner = value && unwrapped(value)
  return inner && isFunction(inner) ? inner : undefined
}
