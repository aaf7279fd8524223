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
  /**
   * Whether a node is not shown: of a call, another recorder recorded no value, or nothing in it, so that `null` would be told
   * wrongly; of an input, it is the arguments that the call of a model shows, which asked for the tool.
   */
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
  // Calls of models that asked for each call of a tool.
  const asking = nodes.map((): number[] => [])
  for (const { from, to, role } of edges) if (role === 'arguments') asking[to]?.push(from)
  const asked = new Map<number, ReadonlySet<string>>()
  const askedBy = (asker: number): ReadonlySet<string> => {
    const before = asked.get(asker)
    if (before) return before
    const found = argumentsIn(nodes[asker]?.node.value)
    asked.set(asker, found)
    return found
  }
  const isAsked = (at: number) => {
    const { node } = nodes[at] ?? {}
    const tools = users[at] ?? []
    const areAsked = tools.every((tool) => foreign[tool] && asking[tool]?.length)
    if (node?.kind !== 'input' || tools.length === 0 || !areAsked) return false
    const given = JSON.stringify(node.value)
    return tools.every((tool) => asking[tool]?.some((asker) => askedBy(asker).has(given)))
  }
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
      if (isAsked(at)) return true
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

/** JSON of the arguments of all calls that a model has asked for. */
function argumentsIn(said: Json | undefined): ReadonlySet<string> {
  const messages = Array.isArray(said) ? said : [said]
  const calls = messages.flatMap((message) => Object(message).tool_calls ?? [])
  return new Set(calls.map((call) => JSON.stringify(Object(call).arguments)))
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
