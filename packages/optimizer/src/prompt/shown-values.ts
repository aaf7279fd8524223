import { type Json, showValue } from '@trace2/core'
import { answersInside, type Block, blockText, type GraphNode, readableBlocks } from '@trace2/store'
import type { Shape } from '../batch/index.ts'

/** How the value of each node of a shape is shown, by position. */
export interface ShownValues {
  readonly blocks: readonly (readonly Block[])[]
  /**
   * Whether a node need not be shown where it says nothing new: a call that holds others, an input of such calls, a call beside
   * the paths of feedback.
   */
  readonly wrapper: readonly (boolean | undefined)[]
  /** Whether another recorder recorded no value of a call, or nothing in it: that there is `null` would be told wrongly. */
  readonly silent: readonly (boolean | undefined)[]
  /** The call inside a node that recorded no value of its own, whose answer is shown as it. */
  readonly answering: readonly (number | undefined)[]
}

const known = new WeakMap<Shape, ShownValues>()

/**
 * How values are shown. What another recorder wrote is read out of its framework's packaging. Values that the program itself
 * recorded are as it has them, since code under optimization may work on them.
 */
export function shownValues(shape: Shape): ShownValues {
  const before = known.get(shape)
  if (before) return before
  const { nodes, edges } = shape
  const foreign = nodes.map(({ node }) => 'dialect' in node && node.dialect !== 'trace2')
  const holding = nodes.map(() => false)
  for (const { to, role } of edges) if (role === 'contains') holding[to] = foreign[to] ?? false
  const users = nodes.map((): number[] => [])
  for (const { from, to } of edges) users[from]?.push(to)
  const usedOnly = (at: number, where: readonly boolean[]) =>
    nodes[at]?.node.kind === 'input' && (users[at] ?? []).every((user) => where[user])
  const answers = answersInside(
    nodes.map(({ node }) => node),
    edges.flatMap(({ from, to, role }) => {
      const [producer, consumer] = [nodes[from]?.node.id, nodes[to]?.node.id]
      return producer !== undefined && consumer !== undefined
        ? [{ from: producer, to: consumer, role }]
        : []
    }),
  )
  const position = new Map(nodes.map(({ node }, at) => [node.id, at]))
  const answering = nodes.map(({ node }) => position.get(answers.get(node.id)?.id ?? ''))
  const blocks = nodes.map(({ node }, at) =>
    foreign[at] || usedOnly(at, foreign) ? readable(answers.get(node.id) ?? node) : plain(node),
  )
  const shown: ShownValues = {
    blocks,
    answering,
    silent: nodes.map(({ node }, at) => {
      if (answering[at] !== undefined) return false
      const isTheirs = node.kind === 'op' ? foreign[at] : usedOnly(at, foreign)
      return isTheirs && (isEmpty(node.value) || blocks[at]?.every(({ text }) => text === ''))
    }),
    wrapper: nodes.map(({ node, onPath }, at) =>
      node.kind === 'input' ? usedOnly(at, holding) : holding[at] || (foreign[at] && !onPath),
    ),
  }
  known.set(shape, shown)
  return shown
}

function isEmpty(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** The whole of a node's value as it is shown. */
export function shownText(shape: Shape, at: number): string {
  return (shownValues(shape).blocks[at] ?? []).map(blockText).join('\n')
}

function readable(node: GraphNode): readonly Block[] {
  // What a failed call threw is a text, and the place where it did stands below it.
  return node.kind === 'exception' ? plain(node) : readableBlocks(node.value)
}

function plain(node: GraphNode): readonly Block[] {
  const frame = node.kind === 'exception' && node.errorFrame ? `\n${node.errorFrame}` : ''
  return [{ label: '', text: showValue(node.value) + frame }]
}
