import type { Feedback, OpNode, RunGraph } from '@trace2/store'

const traceId = '8c1f2e77a0b14c3d9e5f60718293a4b5'

export const sampleIds = {
  system: 'param:triage.system@3f2a91c07d5e8b14',
  threshold: 'param:triage.threshold@9b12aa0034cd56ef',
  limit: 'param:triage.limit@0011223344556677',
  ticket: 'value:5b1e',
  classify: span('1'),
  route: span('2'),
  agent: span('3'),
} as const

function span(digit: string): string {
  return `span:${traceId}:${digit.repeat(16)}`
}

export function opNode(fields: Partial<OpNode> & Pick<OpNode, 'id' | 'op' | 'level'>): OpNode {
  return {
    kind: 'op',
    traceId,
    spanId: fields.id.slice(-16),
    parent: null,
    run: false,
    description: '',
    sourceHash: null,
    dialect: 'trace2',
    inputs: {},
    templates: {},
    value: null,
    errorFrame: null,
    model: null,
    startedAt: '2026-11-23T10:00:00.000000000Z',
    durationMs: 2,
    ...fields,
  }
}

/** A run of a small triage agent: two trainable parameters and a fixed one, a model call, a router. */
export function sampleGraph(): RunGraph {
  const { system, threshold, limit, ticket, classify, route, agent } = sampleIds
  const parameter = { kind: 'parameter', level: 0, description: '', schema: null } as const
  return {
    run: traceId,
    output: agent,
    nodes: [
      {
        ...parameter,
        id: system,
        name: 'triage.system',
        version: '3f2a91c07d5e8b14',
        value:
          'Classify the ticket. Answer with one word: billing, technical or account. Be brief.',
        valueKind: 'text',
        trainable: true,
      },
      {
        ...parameter,
        id: threshold,
        name: 'triage.threshold',
        version: '9b12aa0034cd56ef',
        value: 0.7,
        valueKind: 'number',
        trainable: true,
      },
      {
        ...parameter,
        id: limit,
        name: 'triage.limit',
        version: '0011223344556677',
        value: 3,
        valueKind: 'number',
        trainable: false,
      },
      {
        id: ticket,
        kind: 'input',
        level: 0,
        value: { id: 'T-12', subject: 'Refund not received', body: 'I paid twice, give it back.' },
      },
      opNode({
        id: classify,
        op: 'classify',
        level: 1,
        model: 'gpt-4o-mini',
        value: { label: 'technical', confidence: 0.93 },
        durationMs: 312,
      }),
      opNode({ id: route, op: 'route', level: 2, value: 'technical-queue' }),
      opNode({ id: agent, op: 'support-agent', level: 3, run: true, value: 'technical-queue' }),
    ],
    edges: [
      { from: system, to: classify, role: 'system', pointer: '', how: 'template' },
      { from: ticket, to: classify, role: 'ticket', pointer: '', how: 'exact' },
      { from: classify, to: route, role: 'category', pointer: '/label', how: 'value' },
      { from: limit, to: route, role: 'limit', pointer: '', how: 'exact' },
      { from: route, to: agent, role: 'return', pointer: '', how: 'identity' },
    ],
    repairs: [],
  }
}

export function sampleFeedback(fields: Partial<Feedback> = {}): Feedback {
  return {
    id: 'f1',
    traceId,
    spanId: null,
    name: 'accuracy',
    score: 0,
    label: 'wrong-queue',
    comment: 'A refund belongs to billing.',
    source: 'human',
    identifier: '1',
    createdAt: '2026-11-23T10:05:00.000Z',
    ...fields,
  }
}
