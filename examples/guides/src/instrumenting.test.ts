import { expect, test } from 'vitest'
import { answerTickets } from './instrumenting.ts'
import { temporaryCollector } from './testing/collector.ts'

test('an agent of plain functions is recorded with its parameters and who used whose output', async () => {
  const { collector } = await temporaryCollector()
  expect(await answerTickets(collector.url)).toEqual(['the shipping team', 'a person'])

  const runs = await collector.store.runs()
  expect(runs.map((run) => run.name)).toEqual(['support-agent', 'support-agent'])
  const first = runs.at(-1)?.id ?? ''
  const { nodes, edges } = await collector.store.graph(first)
  const names = new Map(nodes.map((node) => [node.id, 'op' in node ? node.op : node.kind]))
  expect(
    edges.map(
      (edge) => `${names.get(edge.from)}${edge.pointer} -> ${names.get(edge.to)} ${edge.how}`,
    ),
  ).toEqual(
    expect.arrayContaining([
      'parameter -> classify exact',
      'classify/category -> route value',
      'classify/certainty -> route value',
      'parameter -> route exact',
      'route -> support-agent value',
    ]),
  )
})
