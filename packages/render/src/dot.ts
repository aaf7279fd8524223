import { printable, printableJson } from '@trace2/core'
import type { GraphNode, RunGraph } from '@trace2/store'
import { nodeNames } from './names.ts'
import { feedbackTitle, leftOutOf, markOf, marksOf, type RenderOptions } from './view.ts'
import { shorten } from './width.ts'

const longestLabel = 60

/**
 * Shows the graph of a run in the language of Graphviz. Labels are quoted strings without anything that Graphviz would
 * interpret.
 */
export function renderDot(graph: RunGraph, options: RenderOptions = {}): string {
  const names = nodeNames(graph)
  const { feedback, passed } = marksOf(graph, options)
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]))
  const nodes = graph.nodes.map((node) => {
    const label = [
      `${markOf(node)} ${names.get(node.id) ?? ''}`,
      shorten(printableJson(node.value), longestLabel),
      ...(feedback.get(node.id) ?? []).map((one) => `★ ${printable(feedbackTitle(one))}`),
    ]
    const width = passed.has(node.id) ? 3 : 1
    return `  ${ids.get(node.id)} [label=${quoted(label)}, ${style[node.kind]}, penwidth=${width}]`
  })
  const edges = graph.edges.map(({ from, to, role, how }) => {
    const label = quoted([`${shorten(printable(role), longestLabel)} · ${how}`])
    return `  ${ids.get(from)} -> ${ids.get(to)} [label=${label}]`
  })
  const leftOut = leftOutOf(graph).map((detail) => `left out: ${detail}`)
  return [
    'digraph run {',
    '  node [fontname="sans-serif", style=filled]',
    '  edge [fontname="sans-serif", fontsize=10]',
    ...(leftOut.length > 0 ? [`  label=${quoted(leftOut)}`] : []),
    ...nodes,
    ...edges,
    '}',
  ].join('\n')
}

const style: Readonly<Record<GraphNode['kind'], string>> = {
  parameter: 'shape=parallelogram, fillcolor="#fff3d6"',
  input: 'shape=oval, fillcolor="#eef2f7"',
  op: 'shape=box, fillcolor="#ffffff"',
  exception: 'shape=octagon, fillcolor="#fde8e8"',
}

/** Lines as one DOT string: its escapes (`\N`, `\G`, `\l`) are taken literally, only our own `\n` breaks lines. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
  return `"${escaped.join('\\n')}"`
}
