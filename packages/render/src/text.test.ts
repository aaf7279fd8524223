import { expect, test } from 'vitest'
import { backward } from '../../optimizer/src/backward/index.ts'
import { opNode, sampleFeedback, sampleGraph, sampleIds } from './testing/sample-graph.ts'
import { renderText } from './text.ts'
import type { Paint } from './view.ts'
import { displayWidth } from './width.ts'

const { route } = sampleIds

test('parameters and inputs come first, then every operator with the origins of its inputs', () => {
  const text = renderText(sampleGraph(), { width: 80 })
  expect(text).toBe(
    [
      '◆ triage.system     "Classify the ticket. Answer with one word: bill…  @3f2a91c0',
      '◆ triage.threshold  0.7                                                @9b12aa00',
      '◇ triage.limit      3                                                  @00112233',
      '○ ticket            {"id":"T-12","subject":"Refund not received","body":"I paid…',
      '',
      '● 1 classify                                                gpt-4o-mini · 312 ms',
      '  system ← ◆ triage.system  template',
      '  ticket ← ○ ticket         exact',
      '  → {"label":"technical","confidence":0.93}',
      '',
      '● 2 route                                                                   2 ms',
      '  category ← ● 1 classify /label  value',
      '  limit    ← ◇ triage.limit       exact',
      '  → "technical-queue"',
      '',
      '● 3 support-agent                                                     run · 2 ms',
      '  return ← ● 2 route  identity',
      '  → "technical-queue"',
    ].join('\n'),
  )
})

test('no line is wider than the terminal', () => {
  for (const width of [40, 60, 80, 120, 200]) {
    for (const full of [false, true]) {
      const text = renderText(sampleGraph(), { width, full, feedback: [sampleFeedback()] })
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
  }
})

test('full mode shows whole values', () => {
  const text = renderText(sampleGraph(), { width: 60, full: true })
  expect(text.replace(/\s+/g, ' ')).toContain('billing, technical or account. Be brief.')
  expect(text).toContain('"body": "I paid twice, give it back."')
})

test('feedback stands under the node it lies on, feedback on the run under its output', () => {
  const text = renderText(sampleGraph(), {
    feedback: [sampleFeedback(), sampleFeedback({ id: 'f2', spanId: '2'.repeat(16), score: 0.25 })],
  })
  const blocks = text.split('\n\n')
  expect(blocks[2]).toContain('★ accuracy 0.25 wrong-queue (human)')
  expect(blocks[3]).toContain('★ accuracy 0 wrong-queue (human)\n    A refund belongs to billing.')
})

const pass = (feedback = [sampleFeedback()]) =>
  backward(sampleGraph(), feedback, {
    parameters: ['triage.system', 'triage.threshold', 'triage.limit'],
  })

test('a backward view marks the nodes that feedback passes and explains every parameter', () => {
  const text = renderText(sampleGraph(), { backward: pass() })
  expect(text).toContain('┃ ◆ triage.system ')
  expect(text).toContain('  ◆ triage.threshold ')
  expect(text).toContain('┃ ● 2 route')
  expect(text.slice(text.indexOf('Backward'))).toBe(
    [
      'Backward',
      '  ★ accuracy 0 wrong-queue (human) on 3 support-agent',
      '  ◆ triage.system is reached',
      '    3 support-agent ← 2 route ← 1 classify ← triage.system',
      '  ◆ triage.threshold is not reached',
      '    No operator of this run is recorded as having used it.',
      '  ◇ triage.limit is not reached',
      '    It is declared as not trainable.',
    ].join('\n'),
  )
})

test('a run without feedback says so', () => {
  const text = renderText(sampleGraph(), { backward: pass([]) })
  expect(text).toContain('This run has no feedback.')
})

test('an operator that failed shows its error and the frame', () => {
  const graph = sampleGraph()
  const failed = opNode({
    id: route,
    op: 'route',
    level: 2,
    kind: 'exception',
    value: 'TypeError: queue is undefined',
    errorFrame: '  11 | const q = queues[label]\n> 12 | return q.name',
  })
  const nodes = graph.nodes.map((node) => (node.id === route ? failed : node))
  const text = renderText({ ...graph, nodes })
  expect(text).toContain('✗ 2 route')
  expect(text).toContain('→ TypeError: queue is undefined')
  expect(text).toContain('> 12 | return q.name')
})

test.each([
  { full: false, said: '  "billing"' },
  { full: true, said: '\n    billing' },
])(
  'an operator that recorded no output shows the answer inside it, and whose it is',
  ({ full, said }) => {
    const graph = sampleGraph()
    const { classify, agent } = sampleIds
    const nodes = graph.nodes.map((node) => {
      if (node.kind !== 'op') return node
      const foreign = { ...node, dialect: 'otel' }
      if (node.id === agent) return { ...foreign, value: null }
      return node.id === classify ? { ...foreign, value: 'billing', model: 'small' } : foreign
    })
    const contains = { from: classify, to: agent, role: 'contains', pointer: '' } as const
    const edges = [...graph.edges, { ...contains, how: 'contains' } as const]
    const text = renderText({ ...graph, nodes, edges }, { full })
    expect(text).toContain(`  → ● 1 classify${said}`)
  },
)

test('an operator of another recorder that recorded no output shows none, and one of ours shows its null', () => {
  const graph = sampleGraph()
  const lines = (dialect: string) => {
    const nodes = graph.nodes.map((node) =>
      node.kind === 'op' ? { ...node, dialect, value: null } : node,
    )
    return renderText({ ...graph, nodes })
      .split('\n')
      .filter((line) => line.includes('→ null'))
  }
  expect(lines('otel')).toEqual([])
  expect(lines('trace2').length).toBeGreaterThan(0)
})

test('content from a trace cannot move the cursor or forge a line', () => {
  const hostile = '\u001b[2J\r\n● 9 forged\u009b1A\u202e'
  const graph = sampleGraph()
  const nodes = graph.nodes.map((node) =>
    node.kind === 'op' ? { ...node, op: hostile, value: hostile, model: hostile } : node,
  )
  const edges = graph.edges.map((edge) => ({ ...edge, role: hostile, pointer: `/${hostile}` }))
  const repairs = [{ kind: 'missing-producer', node: hostile, detail: hostile }] as const
  const feedback = [sampleFeedback({ name: hostile, label: hostile, comment: hostile })]
  const clean = renderText(graph, { backward: pass(), width: 400 })
  const text = renderText(
    { ...graph, nodes, edges, repairs },
    { feedback, backward: pass(), width: 400 },
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  // The repair section (a blank line, a title, an entry) and the comment's second line, nothing else.
  expect(text.split('\n').length - clean.split('\n').length).toBe(4)
  expect(text.split('\n').some((line) => line.startsWith('● 9 forged'))).toBe(false)
})

test('what does not lie on a path is painted faint in a backward view', () => {
  const paint: Paint = (tone, text) => `<${tone}>${text}</${tone}>`
  const text = renderText(sampleGraph(), { backward: pass(), paint })
  expect(text).toContain('<parameter>◆ triage.system')
  expect(text).toContain('<faint>◆ triage.threshold')
})
