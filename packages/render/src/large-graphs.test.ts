import type { GraphEdge, RunGraph } from '@trace2/store'
import { expect, test } from 'vitest'
import { renderDot } from './dot.ts'
import { renderMermaid } from './mermaid.ts'
import { opNode, sampleGraph } from './testing/sample-graph.ts'
import { renderText } from './text.ts'

const detail = '190,000 spans of 200,000 that started last. \u001b[31mA larger limit takes longer.'
const cut = (graph: RunGraph): RunGraph => ({
  ...graph,
  repairs: [{ kind: 'left-out', node: graph.output, detail }],
})

test.each([
  ['text', renderText],
  ['dot', renderDot],
  ['mermaid', renderMermaid],
] as const)('a graph that is not whole says so as %s', (_, render) => {
  const shown = render(cut(sampleGraph()))
  expect(shown).toMatch(/left out.*190,000 spans of 200,000 that started last/)
  expect(shown).not.toContain('\u001b')
  expect(render(sampleGraph())).not.toContain('left out')
})

test('an operator with 200,000 inputs is shown, and of many repairs the first', () => {
  const size = 200_000
  const graph = sampleGraph()
  const [to] = graph.nodes.slice(-1)
  const edges = Array.from({ length: size }, (_, at): GraphEdge => {
    return { from: `nobody ${at}`, to: to?.id ?? '', role: `r${at}`, pointer: '', how: 'exact' }
  })
  const repairs = edges.slice(0, 1_000).map((edge) => {
    return { kind: 'cycle', node: edge.to, detail: edge.role } as const
  })
  const text = renderText({
    ...graph,
    nodes: [...graph.nodes, opNode({ id: 'last', op: 'last', level: 4 })],
    edges,
    repairs,
  })
  expect(text.match(/ ← \? nobody/g)).toHaveLength(size)
  expect(text.match(/^ {2}cycle at/gm)).toHaveLength(100)
  expect(text).toContain('and 900 more')
})
