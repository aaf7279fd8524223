import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backward } from '../../optimizer/src/backward/index.ts'
import { renderDot } from './dot.ts'
import { renderMermaid } from './mermaid.ts'
import { sampleFeedback, sampleGraph } from './testing/sample-graph.ts'

function graphWith(text: string) {
  const graph = sampleGraph()
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.kind === 'op' ? { ...node, op: text } : node)),
    edges: graph.edges.map((edge) => ({ ...edge, role: text })),
  }
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '"] --> x; click x "javascript:alert(1)"',
    '<img src=x onerror=alert(1)>',
    '#quot;&lt;script&gt;',
    '`**md**`',
    '%%{init: {}}%%',
    '\\"]; evil [label="',
    '\\N\\G\\l',
    'end\nsubgraph x',
  ),
)

const mermaidNode =
  /^ {2}n\d+(\[\/"L"\/\]|\(\["L"\]\)|\["L"\]|\{\{"L"\}\}):::(parameter|input|op|exception)$/
const mermaidEdge = /^ {2}n\d+ -->\|"L"\| n\d+$/
const mermaidLabel = /"(?:[\p{L}\p{N} .,:/@_…·★◆◇○●✗-]|#\d+;|<br\/>)*"/gu

test('Mermaid labels hold nothing that Mermaid or a browser could read as markup', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = renderMermaid(graphWith(text), { feedback: [sampleFeedback()] }).split('\n')
      expect(lines[0]).toBe('flowchart TD')
      for (const line of lines.slice(1)) {
        if (line.startsWith('  class')) continue
        const shape = line.replace(mermaidLabel, '"L"')
        expect(mermaidNode.test(shape) || mermaidEdge.test(shape)).toBe(true)
      }
    }),
  )
})

const dotNode = /^ {2}n\d+ \[label="L", shape=\w+, fillcolor="#\w{6}", penwidth=\d\]$/
const dotEdge = /^ {2}n\d+ -> n\d+ \[label="L"\]$/
// A quoted string in which a backslash is only ever followed by a backslash, a quote or our line break.
const dotLabel = /label="(?:[^"\\]|\\\\|\\"|\\n)*"/g

test('DOT labels are closed strings without escapes of their own', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = renderDot(graphWith(text), { feedback: [sampleFeedback()] }).split('\n')
      for (const line of lines.slice(3, -1)) {
        const shape = line.replace(dotLabel, 'label="L"')
        expect(dotNode.test(shape) || dotEdge.test(shape)).toBe(true)
      }
      expect(lines.at(-1)).toBe('}')
    }),
  )
})

test('nodes that feedback passes are drawn stronger', () => {
  const graph = sampleGraph()
  const options = { backward: backward(graph, [sampleFeedback()]) }
  expect(renderMermaid(graph, options)).toContain('  class n0,n4,n5,n6 passed')
  expect(renderDot(graph, options)).toMatch(/n6 \[.*penwidth=3\]/)
  expect(renderDot(graph, options)).toMatch(/n1 \[.*penwidth=1\]/)
})
