import { tsPlugin } from '@sveltejs/acorn-typescript'
import { type Node, Parser } from 'acorn'
import type { Variable } from './prompt.ts'

/** Whether a variable's value is the source of a function. */
export function isCode({ type, value }: Variable): boolean {
  if (type === 'code') return true
  return parseFunction(value) !== undefined
}

/** Programs show the source that their authors wrote, which may have types. */
const parser = Parser.extend(tsPlugin())

/** The syntax tree of a function's source, its positions those of the source; `undefined` where it is none. */
export function parseFunction(source: string): Node | undefined {
  try {
    const node = parser.parseExpressionAt(source, 0, { ecmaVersion: 'latest', locations: true })
    const isFunction = /^(?:FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
    return isFunction && source.slice(node.end).trim() === '' ? node : undefined
  } catch {
    return undefined
  }
}

/** Every node of a tree below and including this one, outer ones first. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of Object.values(node)) {
    for (const item of Array.isArray(child) ? child : [child]) if (isNode(item)) yield* walk(item)
  }
}

/** A node's property, if it is a node itself. */
export function childOf(node: Node, property: string): Node | undefined {
  const child: unknown = Reflect.get(node, property)
  return isNode(child) ? child : undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** A replacement of the source from `start` to `end`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Applies edits that do not overlap; of two that do, the first in the list. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const taken: Edit[] = []
  for (const edit of edits) {
    const free = taken.every((other) => edit.end <= other.start || edit.start >= other.end)
    if (free) taken.push(edit)
  }
  taken.sort((left, right) => right.start - left.start)
  return taken.reduce(
    (text, { start, end, text: replacement }) =>
      text.slice(0, start) + replacement + text.slice(end),
    source,
  )
}
