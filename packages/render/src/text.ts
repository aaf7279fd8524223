import { formatCount, groupBy, printable } from '@trace2/core'
import { answersInside, type NodeId, type RunGraph } from '@trace2/store'
import { backwardLines } from './backward.ts'
import { composeLine, type Line } from './line.ts'
import { nodeNames } from './names.ts'
import { type NodeLinesContext, operatorLines, sourceLines } from './node-lines.ts'
import { leftOutOf, marksOf, type Paint, type RenderOptions } from './view.ts'

/** Options of {@link renderText}. */
export interface TextOptions extends RenderOptions {
  /** Width of the terminal, in columns. Default 80. */
  readonly width?: number
  /** Shows whole values, wrapped, instead of what fits on a line. */
  readonly full?: boolean
  /** Adds colors to text. Default: no colors. */
  readonly paint?: Paint
}

/**
 * Shows the graph of a run as text, in the order of the data: first the parameters and inputs, then each operator. An
 * operator has the origin of each of its inputs, how the origin is known, and its output. Feedback is below the node
 * that it is about. With a backward pass, a bar marks the nodes that feedback passes, and a list names the parameters
 * that it reaches.
 *
 * Text from the trace is escaped: it can neither move the cursor nor start a new line.
 *
 * @example console.log(renderText(await store.graph(run), { width: process.stdout.columns }))
 */
export function renderText(graph: RunGraph, options: TextOptions = {}): string {
  const { backward, paint = plain, full = false } = options
  const marks = marksOf(graph, options)
  const width = Math.max(40, options.width ?? 80)
  const context: NodeLinesContext = {
    graph,
    names: nodeNames(graph),
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    incoming: groupBy(graph.edges, (edge) => edge.to),
    feedback: marks.feedback,
    answers: answersInside(graph.nodes, graph.edges),
    full,
    width: backward ? width - gutter.length : width,
  }
  const lines = [
    ...sourceLines(context),
    ...graph.nodes.flatMap((node) =>
      node.kind === 'op' || node.kind === 'exception'
        ? [blank, ...operatorLines(node, context)]
        : [],
    ),
    ...repairLines(graph, context.names),
  ]
  if (!backward) return page(lines.map((line) => composeLine(line, width, paint)))

  const marked = lines.map((line) => {
    const passed = line.node !== undefined && marks.passed.has(line.node)
    const bar = passed ? paint('feedback', '┃ ') : gutter
    return bar + composeLine(line, width - gutter.length, passed ? paint : faintly(paint))
  })
  const summary = backwardLines(context, backward).map((line) => composeLine(line, width, paint))
  return page([...marked, '', ...summary])
}

const gutter = '  '
/** Repairs that are named one by one. */
const shownRepairs = 100
const blank: Line = { segments: [] }
const plain: Paint = (_tone, text) => text

function page(lines: readonly string[]): string {
  return lines.map((line) => line.trimEnd()).join('\n')
}

function faintly(paint: Paint): Paint {
  return (tone, text) => paint(tone === 'feedback' || tone === 'error' ? tone : 'faint', text)
}

function repairLines(graph: RunGraph, names: ReadonlyMap<NodeId, string>): Line[] {
  if (graph.repairs.length === 0) return []
  const mended = graph.repairs.filter(({ kind }) => kind !== 'left-out')
  const more = mended.length - shownRepairs
  return [
    blank,
    { segments: [['strong', 'Mended to give a graph']] },
    ...leftOutOf(graph).map((detail): Line => ({ segments: [['error', `  left out: ${detail}`]] })),
    ...mended.slice(0, shownRepairs).map(({ kind, node, detail }): Line => {
      const name = names.get(node) ?? printable(node)
      return { node, segments: [['plain', `  ${kind} at ${name}: ${printable(detail)}`]] }
    }),
    ...(more > 0 ? [{ segments: [['plain', `  and ${formatCount(more)} more`]] } as const] : []),
  ]
}
