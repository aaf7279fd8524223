import { expect, test } from 'vitest'
import { answersInside } from './answers-inside.ts'
import type { OpNode } from './graph.ts'

function call(id: string, value: OpNode['value'], more: Partial<OpNode> = {}): OpNode {
  return {
    ...{ kind: 'op', id, traceId: '', spanId: id, parent: null, run: false, op: id, level: 0 },
    ...{ description: '', sourceHash: null, dialect: 'otel', inputs: {}, templates: {}, value },
    ...{ errorFrame: null, model: null, startedAt: '2026-01-01T00:00:00.000000000Z' },
    ...{ durationMs: 1, ...more },
  }
}

const contains = (to: string, ...inside: string[]) =>
  inside.map((from) => ({ from, to, role: 'contains' }))

function answers(nodes: readonly OpNode[], edges: ReturnType<typeof contains>) {
  return Object.fromEntries([...answersInside(nodes, edges)].map(([id, node]) => [id, node.id]))
}

const model = (id: string, more: Partial<OpNode> = {}) => call(id, 'Yes.', { model: 'm', ...more })

test('a call without a value answers what the model that ended last in it did', () => {
  const late = model('late', { durationMs: 9 })
  const edges = contains('root', 'late', 'early')
  expect(answers([late, model('early'), call('root', null)], edges)).toEqual({ root: 'late' })
})

test('an agent answers for the models inside it, and a tool for none', () => {
  const tool = call('tool', 'Found.', { durationMs: 9 })
  const nodes = [model('model'), tool, call('agent', 'No.'), call('root', null)]
  const edges = [...contains('agent', 'model', 'tool'), ...contains('root', 'agent', 'tool')]
  expect(answers(nodes, edges)).toEqual({ root: 'agent' })
})

test('the answer passes through several calls without a value', () => {
  const nodes = [model('model'), call('workflow', null), call('root', null)]
  const edges = [...contains('workflow', 'model'), ...contains('root', 'workflow')]
  expect(answers(nodes, edges)).toEqual({ workflow: 'model', root: 'model' })
})

const at = (second: number) => `2026-01-01T00:00:0${second}.000000000Z`

function asking(id: string, content = '', more: Partial<OpNode> = {}): OpNode {
  const message = { role: 'assistant', content, tool_calls: [{ name: 'transfer', arguments: {} }] }
  return call(id, message, { model: 'm', durationMs: 9000, ...more })
}

test('of an agent that hands over, the one that it handed over to answers', () => {
  const later = { startedAt: at(1) }
  const beside = [asking('asks'), call('first', null, { durationMs: 9000 }), model('says', later)]
  const second = call('second', null, later)
  expect(
    answers(
      [...beside, second, call('root', null)],
      [
        ...contains('first', 'asks'),
        ...contains('second', 'says'),
        ...contains('root', 'first', 'second'),
      ],
    ),
  ).toEqual({ first: 'asks', second: 'says', root: 'says' })
  // It may also run inside the call of the model that asked for it, which may have words of its own.
  for (const words of ['', '\n', 'I hand you over.']) {
    expect(
      answers(
        [model('says', later), second, asking('asks', words), call('root', null)],
        [...contains('second', 'says'), ...contains('asks', 'second'), ...contains('root', 'asks')],
      ),
    ).toEqual({ second: 'says', root: 'says' })
  }
})

test('a call that asks for a tool is the answer where nobody speaks after it', () => {
  expect(answers([asking('asks'), call('root', null)], contains('root', 'asks'))).toEqual({
    root: 'asks',
  })
  const nodes = [model('guard'), asking('asks', '', { startedAt: at(1) }), call('root', null)]
  expect(answers(nodes, contains('root', 'guard', 'asks'))).toEqual({ root: 'asks' })
})

test('what says nothing is no answer where another says something', () => {
  const empty = model('empty', { value: { role: 'assistant', content: '' }, startedAt: at(1) })
  const nodes = [model('says'), empty, call('root', null)]
  expect(answers(nodes, contains('root', 'says', 'empty'))).toEqual({ root: 'says' })
  const choice = { ...empty, value: [{ message: { role: 'assistant', content: '' } }] }
  expect(
    answers([model('says'), choice, call('root', null)], contains('root', 'says', 'empty')),
  ).toEqual({ root: 'says' })
  expect(answers([empty, call('root', null)], contains('root', 'empty'))).toEqual({ root: 'empty' })
})

test('nothing stands for what a program recorded, for a failed call, or for a call without an answer', () => {
  const nodes = [
    model('model'),
    call('tool', 'Found.'),
    call('own', null, { dialect: 'trace2' }),
    call('failed', 'Error', { kind: 'exception' }),
    call('job', null),
  ]
  const edges = [
    ...contains('own', 'model'),
    ...contains('failed', 'model'),
    ...contains('job', 'tool'),
  ]
  expect(answers(nodes, edges)).toEqual({})
})
