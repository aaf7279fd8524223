import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, currentRun, feedback, node, parameter, run, t } from '../index.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

describe('a bundle', () => {
  test('takes and returns plain values and records one span', async () => {
    const add = bundle('add', (a: number, b: number) => a + b)
    const later = bundle('later', async (text: string) => `later ${text}`)
    expect(add(1, 2)).toBe(3)
    await expect(later('x')).resolves.toBe('later x')
    const span = spanOf(recorded.spans(), 'add')
    expect(span.attributes).toMatchObject({
      'trace2.kind': 'op',
      'trace2.op': 'add',
      'input.value': '{"a":1,"b":2}',
      'input.mime_type': 'application/json',
      'output.value': '3',
      'output.mime_type': 'application/json',
      'openinference.span.kind': 'CHAIN',
      'code.line.number': expect.any(Number),
    })
    expect(spanOf(recorded.spans(), 'later').attributes['output.value']).toBe('later x')
  })

  test('keeps `this`, name and length', () => {
    class Counter {
      count = 2
      times = bundle('times', function (this: Counter, factor: number) {
        return this.count * factor
      })
    }
    expect(new Counter().times(4)).toBe(8)
    expect(bundle(function named(_a: number) {}).name).toBe('named')
    expect(bundle(function named(_a: number) {}).length).toBe(1)
  })

  test('records an error as an exception node and throws it on', () => {
    const fails = bundle('fails', (text: string) => {
      throw new TypeError(`no ${text}`)
    })
    const outer = bundle('outer-fails', () => fails('luck'))
    expect(outer).toThrow('no luck')
    const span = spanOf(recorded.spans(), 'fails')
    expect(span.status.code).toBe(2)
    expect(span.events[0]?.attributes).toMatchObject({
      'exception.type': 'TypeError',
      'exception.message': 'no luck',
    })
    expect(edgesOf(recorded.spans(), 'outer-fails')).toEqual(['return=fails!identity'])
  })
})

describe('lineage', () => {
  const make = bundle('make', async () => ({ items: [{ title: 'first' }], note: 'a note to self' }))
  const use = bundle('use', (_input: unknown) => 'used it')
  const shout = bundle('shout', (text: string) => text.toUpperCase())

  test('by handle', async () => {
    const made = await make.node()
    use(made)
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['_input=make'])
    const span = spanOf(recorded.spans(), 'use')
    expect(span.links[0]?.context.spanId).toBe(made.spanId)
    expect(span.links[0]?.attributes).toEqual({
      'trace2.edge.role': '_input',
      'trace2.edge.how': 'exact',
    })
  })

  test('by a part of a handle, and by a handle inside an object', async () => {
    const agent = run('agent', async () => {
      const made = await make.node()
      use({ text: made.at('note') as unknown, fresh: 1 })
    })
    await agent()
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['_input=make#/note'])
    expect(spanOf(recorded.spans(), 'use').attributes['input.value']).toBe(
      '{"_input":{"text":"a note to self","fresh":1}}',
    )
  })

  test('by identity, with the pointer of the part', async () => {
    const agent = run('agent', async () => {
      const { items } = await make()
      use(items[0])
    })
    await agent()
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['_input=make#/items/0!identity'])
  })

  test('by template and by value', async () => {
    const system = parameter('lineage.system', 'Be brief.', { description: 'short' })
    const agent = run('agent', async () => {
      const { note } = await make()
      shout(t`${system}\n${note}`)
      use(note)
    })
    await agent()
    expect(edgesOf(recorded.spans(), 'shout')).toEqual([
      'text=param:lineage.system!template',
      'text=make#/note!template',
    ])
    expect(spanOf(recorded.spans(), 'shout').attributes).toMatchObject({
      'trace2.input.template.text': '{0}\n{1}',
      'trace2.param.value.lineage.system': '"Be brief."',
      'trace2.param.trainable.lineage.system': true,
      'trace2.param.description.lineage.system': 'short',
    })
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['_input=make#/note!value'])
    expect(edgesOf(recorded.spans(), 'agent')).toEqual(['lineage.system=param:lineage.system'])
  })

  test('an argument that is a parameter reaches a template inside', () => {
    const system = parameter('lineage.inner', 'Classify this ticket.')
    const model = bundle('model', (prompt: string) => prompt.length)
    const classify = bundle('classify', (body: string, system: string) =>
      model(t`${system} ${body}`),
    )
    run('agent', (body: string) => classify(body, system))('where is it')
    expect(edgesOf(recorded.spans(), 'classify')).toEqual(['system=param:lineage.inner'])
    expect(edgesOf(recorded.spans(), 'model')).toEqual(['prompt=param:lineage.inner!template'])
  })

  test('reading a parameter inside is a use', () => {
    const limit = parameter('lineage.limit', 0.7)
    const decide = bundle('decide', (score: number) => score > limit.value)
    expect(decide(0.8)).toBe(true)
    expect(edgesOf(recorded.spans(), 'decide')).toEqual(['lineage.limit=param:lineage.limit'])
  })

  test('an inner result that is handed out, whole or in parts', async () => {
    const outer = bundle('hand-out', async () => make())
    const assemble = bundle('assemble', async () => ({
      answer: shout('something'),
      made: await make(),
    }))
    const agent = run('agent', async () => {
      use(await outer())
    })
    await agent()
    expect(edgesOf(recorded.spans(), 'hand-out')).toEqual(['return=make!identity'])
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['_input=hand-out!identity'])
    recorded.reset()
    await assemble()
    expect(edgesOf(recorded.spans(), 'assemble')).toEqual([
      'return=shout!value',
      'return=make!identity',
    ])
  })

  test('an equal value that two operators produced has no recorded origin', () => {
    const echo = bundle('echo', (_n: number) => 'the same')
    run('agent', () => {
      echo(1)
      echo(2)
      use('the same')
    })()
    expect(edgesOf(recorded.spans(), 'use')).toEqual([])
  })
})

describe('feedback', () => {
  test('is a carrier span with one link to its target', () => {
    const answer = bundle('answer', () => 'forty-two')
    let inRun: unknown
    const agent = run('agent', () => {
      const text = answer()
      feedback(text, { name: 'accuracy', score: 0, comment: 'no' })
      inRun = currentRun()
      return text
    })
    agent()
    const carrier = recorded.spans().find((span) => span.attributes['trace2.kind'] === 'feedback')
    expect(carrier?.links).toHaveLength(1)
    expect(carrier?.links[0]?.context.spanId).toBe(
      spanOf(recorded.spans(), 'answer').spanContext().spanId,
    )
    expect(carrier?.attributes).toMatchObject({
      'gen_ai.evaluation.name': 'accuracy',
      'gen_ai.evaluation.score.value': 0,
      'gen_ai.evaluation.explanation': 'no',
      'trace2.feedback.source': 'code',
    })
    const { traceId, spanId } = spanOf(recorded.spans(), 'agent').spanContext()
    expect(inRun).toEqual({ traceId, spanId })
  })

  test('finds the node and the error', () => {
    const fails = bundle('fails-later', () => {
      throw new Error('oh')
    })
    try {
      fails()
    } catch (error) {
      feedback(error, { name: 'ok', score: 0 })
    }
    const answered = bundle('answered', () => 1).node()
    feedback(answered, { name: 'ok', score: 1 })
    const targets = recorded
      .spans()
      .filter((span) => span.attributes['trace2.kind'] === 'feedback')
      .map((span) => span.links[0]?.context.spanId)
    expect(targets).toEqual(
      ['fails-later', 'answered'].map((op) => spanOf(recorded.spans(), op).spanContext().spanId),
    )
  })
})

test('node() wraps an input, and a node stays a node', () => {
  const ticket = node({ body: 'hi' }, { name: 'ticket' })
  expect(node(ticket)).toBe(ticket)
  expect(ticket.traceId).toBeUndefined()
})

test('a run is called after its function where it is given no name', () => {
  const agent = run(function supportAgent(ticket: string) {
    return ticket
  })
  const named = run('named', (ticket: string) => ticket, { session: (ticket: string) => ticket })
  expect([agent.operator, agent('a'), named('b')]).toEqual(['supportAgent', 'a', 'b'])
  expect(spanOf(recorded.spans(), 'supportAgent').attributes['trace2.kind']).toBe('run')
  expect(spanOf(recorded.spans(), 'named').attributes['session.id']).toBe('b')
  const anything: unknown = 7
  expect(() => run('x', anything as () => void)).toThrow('run needs a function')
})
