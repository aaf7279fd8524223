import { printable, printableJson } from '@trace2/core'
import type { GraphNode, RunGraph } from '@trace2/store'
import { nodeNames } from './names.ts'
import { feedbackTitle, leftOutOf, markOf, marksOf, type RenderOptions } from './view.ts'
import { shorten } from './width.ts'

const longestLabel = 60

/**
 * Shows the graph of a run as a Mermaid flowchart, for Markdown pages and issues. Each character of a label that
 * Mermaid or a browser could read as markup is a character entity.
 */
export function renderMermaid(graph: RunGraph, options: RenderOptions = {}): string {
  const names = nodeNames(graph)
  const { feedback, passed } = marksOf(graph, options)
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]))
  const nodes = graph.nodes.map((node) => {
    const lines = [
      `${markOf(node)} ${names.get(node.id) ?? ''}`,
      shorten(printableJson(node.value), longestLabel),
      ...(feedback.get(node.id) ?? []).map((one) => `★ ${printable(feedbackTitle(one))}`),
    ]
    return `  ${ids.get(node.id)}${shape(node, lines.map(entities).join('<br/>'))}:::${node.kind}`
  })
  const edges = graph.edges.map(({ from, to, role, how }) => {
    const label = entities(`${shorten(printable(role), longestLabel)} · ${how}`)
    return `  ${ids.get(from)} -->|"${label}"| ${ids.get(to)}`
  })
  const strong = graph.nodes.filter((node) => passed.has(node.id))
  const leftOut = leftOutOf(graph).map(
    (detail, index) => `  leftOut${index}["${entities(`left out: ${detail}`)}"]`,
  )
  return [
    'flowchart TD',
    ...leftOut,
    ...nodes,
    ...edges,
    '  classDef parameter fill:#fff3d6,stroke:#b7791f,color:#222',
    '  classDef input fill:#eef2f7,stroke:#64748b,color:#222',
    '  classDef op fill:#ffffff,stroke:#334155,color:#222',
    '  classDef exception fill:#fde8e8,stroke:#c53030,color:#222',
    '  classDef passed stroke-width:4px',
    ...(strong.length > 0
      ? [`  class ${strong.map((node) => ids.get(node.id)).join(',')} passed`]
      : []),
  ].join('\n')
}

function shape(node: GraphNode, label: string): string {
  switch (node.kind) {
    case 'parameter':
      return `[/"${label}"/]`
    case 'input':
      return `(["${label}"])`
    case 'op':
      return `["${label}"]`
    case 'exception':
      return `{{"${label}"}}`
  }
}

/** Mermaid's `#35;` notation for whatever is neither a letter, a digit, a space nor harmless punctuation. */
function entities(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/@_…·★◆◇○●✗-]/gu, (character) => {
    return `#${character.codePointAt(0)};`
  })
}
