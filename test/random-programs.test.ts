import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { backward } from '@trace2/optimizer'
import type { GraphNode, RunGraph } from '@trace2/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { edgeText, execute } from './programs/execute.ts'
import { program } from './programs/program.ts'
import { collector } from './support/place.ts'

const nameOf = (node: GraphNode): string => {
  switch (node.kind) {
    case 'parameter':
      return `param:${node.name}`
    case 'input':
      return `input:${JSON.stringify(node.value)}`
    default:
      return node.op
  }
}

function edgesOf(graph: RunGraph): string[] {
  const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node)]))
  const name = (id: string) => names.get(id) ?? `no node ${id}`
  return graph.edges.map(({ from, to, role, pointer, how }) =>
    edgeText(name(from), name(to), role, pointer, how),
  )
}

/** Nodes that have `start` among their ancestors or themselves, by nothing cleverer than repetition. */
function reachable(start: string, next: (id: string) => string[]): Set<string> {
  const found = new Set([start])
  for (const id of found) for (const other of next(id)) found.add(other)
  return found
}

/** The definition: everything between parameter and target, and the direct inputs of that. */
function minimalSubgraph(graph: RunGraph, parameter: string, target: string) {
  const down = reachable(parameter, (id) =>
    graph.edges.filter((e) => e.from === id).map((e) => e.to),
  )
  const up = reachable(target, (id) => graph.edges.filter((e) => e.to === id).map((e) => e.from))
  const path = new Set([...down].filter((id) => up.has(id)))
  const inputs = graph.edges.filter((e) => path.has(e.to) && !path.has(e.from)).map((e) => e.from)
  return { path, blanket: new Set(inputs) }
}

it('reads back from DuckDB the true dataflow of random programs, and their minimal subgraphs', async () => {
  const { url, store } = await collector()
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))],
  })
  provider.register()

  await fc.assert(
    fc.asyncProperty(fc.array(program, { minLength: 1, maxLength: 3 }), async (programs) => {
      // Several at once in one process: runs that interleave must not mix.
      const truths = await Promise.all(programs.map(execute))
      await provider.forceFlush()
      for (const truth of truths) {
        const graph = await store.graph(truth.traceId)
        expect(graph.repairs).toEqual([])
        expect(edgesOf(graph).sort()).toEqual([...truth.edges].sort())
        const operators = graph.nodes.filter((node) => 'op' in node).map(nameOf)
        expect(operators.sort()).toEqual([...truth.operators].sort())
        for (const edge of graph.edges) {
          const level = (id: string) => graph.nodes.find((node) => node.id === id)?.level ?? -1
          expect(level(edge.from)).toBeLessThan(level(edge.to))
        }

        const feedback = { traceId: truth.traceId, spanId: null }
        const { reached, unreached } = backward(graph, [feedback])
        const parameters = graph.nodes.filter((node) => node.kind === 'parameter')
        expect(reached.length + unreached.length).toBe(parameters.length)
        for (const { parameter, subgraph } of reached) {
          const expected = minimalSubgraph(graph, parameter.id, graph.output)
          expect(new Set(subgraph.path.map(({ id }) => id))).toEqual(expected.path)
          expect(new Set(subgraph.blanket.map(({ id }) => id))).toEqual(expected.blanket)
        }
      }
    }),
    { numRuns: 60 },
  )
  await provider.shutdown()
}, 120_000)
