import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import {
  bundle,
  deriveText,
  feedback,
  joinText,
  Model,
  model,
  parameter,
  run,
  sendFeedback,
  sliceText,
} from '../index.ts'
import { exportParameters } from '../nodejs/export-parameters.ts'
import { loadParametersFile } from '../nodejs/parameters-file.ts'
import { startReceiver } from '../testing/receiver.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

describe('an operator', () => {
  test('may refuse parameters that were not passed to it', () => {
    const limit = parameter('options.limit', 5)
    const strict = bundle('strict', (n: number, max?: number) => n < (max ?? limit.value), {
      undeclaredParameters: 'refuse',
    })
    expect(strict(3, limit)).toBe(true)
    expect(() => strict(3)).toThrow(expect.objectContaining({ code: 'T2_PARAMETER_UNDECLARED' }))
  })

  test('may catch its errors as nodes, which take feedback and throw when they are used', async () => {
    const fails = bundle(
      'caught',
      async (n: number): Promise<number> => {
        throw new RangeError(`not ${n}`)
      },
      { catchErrors: true },
    )
    const node = await fails.node(3)
    expect(node.error).toBeInstanceOf(RangeError)
    expect(() => node.value).toThrow('not 3')
    const next = bundle('next', (n: number) => n + 1)
    expect(() => next(node)).toThrow('not 3')
    await expect(fails(3)).rejects.toThrow('not 3')
    feedback(node, { name: 'ok', score: 0 })
    const carrier = recorded.spans().find(({ name }) => name === 'feedback ok')
    expect(carrier?.links[0]?.context.spanId).toBe(node.spanId)
  })

  test('may say what it does, what kind of step it is, and that it must not be repeated', () => {
    bundle('mail', () => true, {
      description: 'Sends the mail.',
      step: 'tool',
      sideEffects: true,
    })()
    expect(spanOf(recorded.spans(), 'mail').attributes).toMatchObject({
      'trace2.op.description': 'Sends the mail.',
      'openinference.span.kind': 'TOOL',
      'trace2.op.side_effects': true,
    })
  })

  test('may withhold its own content, or that of a share of traces', () => {
    const secret = bundle('secret', (text: string) => text, { captureContent: false })
    secret('psst, a secret')
    expect(JSON.stringify(spanOf(recorded.spans(), 'secret').attributes)).not.toContain('psst')
    recorded.reset()
    const some = bundle('some', (text: string) => text, { captureContent: 0.5 })
    for (let count = 0; count < 100; count++) some('a text')
    const shown = recorded.spans().filter(({ attributes }) => 'output.value' in attributes)
    expect(shown.length).toBeGreaterThan(20)
    expect(shown.length).toBeLessThan(80)
  })

  test('may say which conversation a run belongs to', () => {
    const chat = run('chat', (_user: string, _text: string) => 'hello', {
      session: (user) => `session of ${String(user)}`,
    })
    chat('ann', 'hi')
    expect(spanOf(recorded.spans(), 'chat').attributes['session.id']).toBe('session of ann')
  })

  test('may be a recursive function, and a method on a prototype', () => {
    const factorial = bundle('factorial', (n: number): number => (n < 2 ? 1 : n * factorial(n - 1)))
    expect(factorial(5)).toBe(120)
    expect(recorded.spans()).toHaveLength(5)
    class Greeter {
      greeting = 'hello'
      greet(name: string) {
        return `${this.greeting} ${name}`
      }
    }
    Greeter.prototype.greet = bundle('greet', Greeter.prototype.greet)
    expect(new Greeter().greet('ann')).toBe('hello ann')
  })
})

describe('text that is made from a result', () => {
  const make = bundle('make', (n: number) => ({ text: `The ${n} quick brown foxes.` }))
  const use = bundle('use', (text: string) => text.length)

  test('by joining, slicing or any function keeps its origins', () => {
    run('agent', () => {
      const [a, b] = [make(1), make(2)]
      use(joinText([a.text, b.text], '\n'))
      use(sliceText(a.text, 0, 5))
      use(deriveText(b, ({ text }) => text.toUpperCase()))
    })()
    const inputs = recorded
      .spans()
      .filter(({ name }) => name === 'use')
      .map(({ attributes }) => [
        attributes['trace2.inputs'],
        attributes['trace2.input.template.text'],
      ])
    const [a, b] = recorded.spans().map((span) => {
      const { traceId, spanId } = span.spanContext()
      return `text=span:${traceId}:${spanId}`
    })
    expect(inputs).toEqual([
      [[`${a}#/text!template`, `${b}#/text!template`], '{0}\n{1}'],
      [[`${a}#/text!template`], '{0}'],
      [[`${b}!template`], '{0}'],
    ])
  })

  test('a handle works across runs, as in a conversation of many turns', async () => {
    const reply = run('turn', async (text: string, _before?: unknown) => ({ reply: `re: ${text}` }))
    const first = await reply.node('one')
    recorded.reset()
    await reply('two', first)
    const [turn] = recorded.spans()
    expect(turn?.links[0]?.context.traceId).toBe(first.traceId)
    expect(turn?.spanContext().traceId).not.toBe(first.traceId)
  })
})

describe('a model', () => {
  const system = parameter('model.system', 'Classify.')
  class Triage extends Model {
    readonly system = system
    readonly nested = { limits: [parameter('model.limit', 3)] }
    readonly code = bundle('model-code', (n: number) => n, { trainable: true })
    get expensive(): never {
      throw new Error('not to be called')
    }
  }

  test('gathers the parameters of an agent, as a class or an object', () => {
    const names = new Triage().parameters().map(({ name }) => name)
    expect(names).toEqual(['model.system', 'model.limit', 'model-code.code'])
    const agent = model({ system, again: system, loop: undefined as unknown })
    agent.loop = agent
    expect(agent.parameters()).toEqual([system])
    expect(Object.keys(agent)).not.toContain('parameters')
  })

  test('is exported to a parameters file that gives the same values back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'trace2-model-'))
    const file = join(directory, 'trace2.parameters.json')
    const before = system.version
    await exportParameters(new Triage().parameters(), file)
    const text = await readFile(file, 'utf8')
    expect(JSON.parse(text).parameters['model.system']).toEqual({
      value: 'Classify.',
      version: before,
    })
    expect(await readdir(directory)).toEqual(['trace2.parameters.json'])
    loadParametersFile(file)
    expect(system.version).toBe(before)
    await expect(exportParameters([system], directory)).rejects.toThrow()
    expect(await readdir(dirname(directory))).not.toContainEqual(
      expect.stringContaining(`${basename(directory)}.`),
    )
    await rm(directory, { recursive: true })
  })
})

describe('feedback from a process that knows only the ids', () => {
  const traceId = 'a'.repeat(32)
  const spanId = 'b'.repeat(16)

  test('is a carrier span over OTLP, without any SDK', async () => {
    const receiver = await startReceiver()
    await sendFeedback(
      { endpoint: receiver.url },
      { traceId, spanId },
      { name: 'thumb', score: 0, comment: 'no', source: 'human' },
    )
    await sendFeedback(
      { endpoint: `${receiver.url}/` },
      { traceId },
      { name: 'thumb', label: 'bad' },
    )
    const [onSpan, onTrace] = receiver.spans()
    expect(onSpan).toMatchObject({ traceId, parentSpanId: spanId, links: [{ traceId, spanId }] })
    expect(onSpan?.attributes).toContainEqual({
      key: 'gen_ai.evaluation.score.value',
      value: { doubleValue: 0 },
    })
    expect(onTrace).toMatchObject({ links: [{ traceId, spanId: 'f'.repeat(16) }] })
    expect(onTrace?.attributes).toContainEqual({
      key: 'trace.annotations.0.annotation.label',
      value: { stringValue: 'bad' },
    })
    await receiver.close()
    await expect(
      sendFeedback({ endpoint: receiver.url }, { traceId }, { name: 'x', score: 1 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'T2_FEEDBACK_SEND' }))
  })

  test('that cannot be right is refused', async () => {
    const endpoint = 'http://127.0.0.1:1'
    await expect(
      sendFeedback({ endpoint }, { traceId: 'x' }, { name: 'x', score: 1 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'T2_FEEDBACK_TARGET' }))
    await expect(sendFeedback({ endpoint }, { traceId }, { name: 'x' })).rejects.toThrow(
      expect.objectContaining({ code: 'T2_FEEDBACK_EMPTY' }),
    )
  })
})
