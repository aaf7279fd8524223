import { context, propagation, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { bundle, node, parameter } from '@trace2/instrumentation'
import { startSimulatedModel } from '@trace2/simulated-model'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { opro } from '../optimizers/index.ts'
import { liveOptimizer, OptoPrime, store } from './index.ts'

const model = 'simulated-small'

describe('the live loop', () => {
  it('runs the quick example: feedback on an output changes the function that made it', async () => {
    const simulated = await startSimulatedModel()
    const client = new OpenAI({ baseURL: simulated.url, apiKey: 'none' })
    const agentFunction = bundle(
      function agentFunction(input: string): string {
        /** This can be optimized. */
        return 'Process: ' + input
      },
      { trainable: true },
    )
    const output = agentFunction('user request')
    const optimizer = new OptoPrime(agentFunction.parameters(), { client, model })
    optimizer.zeroFeedback()
    optimizer.backward(output, 'Make it more concise and professional')
    await optimizer.step()
    expect(agentFunction('user request')).not.toBe(output)
    await simulated.close()
  })

  it('gives feedback on nodes, errors and lists, and learns from all of it in one call', async () => {
    await using server = await chatServer(() =>
      JSON.stringify({ reasoning: '', suggestion: { 'live.factor': 3 } }),
    )
    const factor = parameter('live.factor', 2)
    const scale = bundle('scale', (x: number, by: number) => {
      if (x < 0) throw new RangeError('x must not be negative')
      return { scaled: x * by }
    })
    const optimizer = new OptoPrime([factor], { client: server.client, model })
    const handle = scale.node(node(5), factor)
    optimizer.backward([handle, scale(7, factor)], ['Should be 15', { score: 0, comment: 'No.' }])
    let thrown: unknown
    try {
      scale(-1, factor)
    } catch (error) {
      thrown = error
    }
    optimizer.backward(thrown)
    const { proposals } = await optimizer.step()
    expect(proposals).toMatchObject([{ parameter: 'live.factor', baseValue: 2, value: 3 }])
    expect(proposals[0]?.runs).toHaveLength(3)
    expect(factor.value).toBe(3)
    expect(server.bodies).toHaveLength(1)
    const prompt = server.bodies[0]?.messages[1]?.content
    expect(prompt).toContain('Should be 15')
    expect(prompt).toContain('x must not be negative')
  })

  it('gives feedback on a stream, and on the text that was put together from one', async () => {
    await using server = await chatServer(() => JSON.stringify({ reasoning: '', suggestion: {} }))
    const word = parameter('stream.word', 'warm')
    const say = bundle('stream', async function* (text: string) {
      yield `some ${text} `
      yield 'words'
    })
    const optimizer = new OptoPrime([word], { client: server.client, model })
    const stream = say(word)
    let text = ''
    for await (const piece of stream) text += piece
    optimizer.backward([stream, text], ['Colder.', 'Shorter.'])
    await optimizer.step()
    const prompt = server.bodies[0]?.messages.at(-1)?.content
    expect(prompt).toContain('Colder.')
    expect(prompt).toContain('Shorter.')
  })

  it('leaves parameters alone in propose(), and forgets feedback with zeroFeedback()', async () => {
    await using server = await chatServer(() =>
      JSON.stringify({ reasoning: '', suggestion: { 'live.word': 'b' } }),
    )
    const word = parameter('live.word', 'a')
    const say = bundle('say', (text: string) => `I say ${text}`)
    const optimizer = new OptoPrime([word], { client: server.client, model })
    optimizer.backward(say(word), 'Say b')
    expect((await optimizer.propose()).proposals).toHaveLength(1)
    expect(word.value).toBe('a')
    optimizer.zeroFeedback()
    await expect(optimizer.step()).rejects.toMatchObject({ code: 'T2_NO_FEEDBACK' })
  })

  it('repairs a function from the error it threw, and the new one runs isolated', async () => {
    const simulated = await startSimulatedModel()
    const client = new OpenAI({ baseURL: simulated.url, apiKey: 'none' })
    const titleOf = bundle(
      function titleOf(ticket: { head: { title: string } }): string {
        return ticket.head.title.toUpperCase()
      },
      { trainable: true },
    )
    const broken = JSON.parse('{}')
    const optimizer = new OptoPrime(titleOf.parameters(), { client, model })
    let thrown: unknown
    try {
      titleOf(broken)
    } catch (error) {
      thrown = error
    }
    optimizer.backward(thrown)
    await optimizer.step()
    expect(titleOf(broken)).toBe('')
    expect(titleOf({ head: { title: 'x' } })).toBe('X')
    await simulated.close()
  })

  it('asks again where code breaks its contract, and keeps the function where it never fits', async () => {
    await using server = await chatServer((_body, call) =>
      JSON.stringify({
        reasoning: '',
        suggestion: {
          'twice.code': call === 1 ? 'function other(x) { return 2 * x }' : 'process.exit(1)',
        },
      }),
    )
    const twice = bundle(
      function twice(x: number): number {
        return x
      },
      { trainable: true },
    )
    const optimizer = new OptoPrime(twice.parameters(), { client: server.client, model })
    optimizer.backward(twice.node(4), 'Should be 8')
    await expect(optimizer.step()).rejects.toMatchObject({ code: 'T2_MODEL_ANSWER' })
    expect(server.bodies[1]?.messages.at(-1)?.content).toContain('must keep its name twice')
    expect(twice(4)).toBe(4)
  })

  it('lets several optimizers share an agent, each with its own parameter and feedback', async () => {
    const answers = new Map([
      ['shared.a', 'A'],
      ['shared.b', 'B'],
    ])
    await using server = await chatServer(({ messages }) => {
      const prompt = messages.at(-1)?.content ?? ''
      const asked = [...answers].filter(([name]) => prompt.includes(`<variable name="${name}"`))
      return JSON.stringify({ reasoning: '', suggestion: Object.fromEntries(asked) })
    })
    const [a, b] = [parameter('shared.a', 'a'), parameter('shared.b', 'b')]
    const first = bundle('first', (x: string) => `first ${x}`)
    const second = bundle('second', (x: string, y: string) => `${x}, second ${y}`)
    const options = { client: server.client, model }
    const left = new OptoPrime([a], options)
    const right = liveOptimizer([b], opro(), options)
    // Plain calls outside a run: each is a trace of its own, and feedback still finds its way to the first.
    const output = second.node(first.node(a), b)
    left.backward(output, 'Better a')
    right.backward(output, 'Better b')
    expect((await left.step()).proposals.map(({ parameter }) => parameter)).toEqual(['shared.a'])
    expect(server.bodies[0]?.messages.at(-1)?.content).not.toContain('Better b')
    await right.step()
    expect([a.value, b.value]).toEqual(['A', 'B'])
  })

  it('records beside a provider that is registered, which gets the same spans', async () => {
    const exporter = new InMemorySpanExporter()
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    provider.register()
    await using server = await chatServer(() => JSON.stringify({ reasoning: '', suggestion: {} }))
    const word = parameter('beside.word', 'x')
    const say = bundle('beside', (text: string) => `beside ${text}`)
    const optimizer = new OptoPrime([word], { client: server.client, model })
    optimizer.backward(say(word), 'Hm')
    const { runs } = await optimizer.step()
    const [span] = exporter.getFinishedSpans()
    expect(span?.name).toBe('beside')
    expect(runs).toEqual([span?.spanContext().traceId])
    await provider.shutdown()
    trace.disable()
    context.disable()
    propagation.disable()
  })

  it('shows what earlier steps tried, also after their feedback is forgotten', async () => {
    await using server = await chatServer((_body, call) =>
      JSON.stringify({ reasoning: '', suggestion: { 'tried.word': `word ${call}` } }),
    )
    const word = parameter('tried.word', 'word 0')
    const say = bundle('tried', (text: string) => `I say ${text}`)
    const optimizer = new OptoPrime([word], { client: server.client, model })
    for (const score of [0.25, 0.5]) {
      optimizer.zeroFeedback()
      optimizer.backward(say(word), { score, comment: 'Hm' })
      await optimizer.step()
    }
    const prompt = server.bodies[1]?.messages.at(-1)?.content
    expect(prompt).toMatch(/<attempt [^>]*score="0.250"[^>]*>\nword 0\n/)
    expect(prompt).not.toContain('<earlier')
  })

  it('stores each piece of feedback once, however many steps rest on it', async () => {
    await using server = await chatServer(() => JSON.stringify({ reasoning: '', suggestion: {} }))
    const word = parameter('once.word', 'a')
    const optimizer = new OptoPrime([word], { client: server.client, model })
    const say = bundle('once', (text: string) => `I say ${text}`)
    optimizer.backward(say(word), 'Say b')
    const { runs } = await optimizer.propose()
    await optimizer.step()
    expect(await store.feedback(runs)).toHaveLength(1)
  })

  it('refuses lists of different lengths, and notes nothing of them', async () => {
    const word = parameter('lists.word', 'a')
    const say = bundle('lists', (text: string) => `I say ${text}`)
    const optimizer = new OptoPrime([word], { model })
    const outputs = [say.node(word), say.node(word)]
    for (const feedback of [['one'], ['one', 'two', 'three']]) {
      expect(() => optimizer.backward(outputs, feedback)).toThrow(
        expect.objectContaining({ code: 'T2_FEEDBACK_COUNT' }),
      )
    }
    await expect(optimizer.propose()).rejects.toMatchObject({ code: 'T2_NO_FEEDBACK' })
  })

  it('refuses what is no parameter', () => {
    const wrong: never[] = JSON.parse('["live.word"]')
    expect(() => new OptoPrime(wrong, { model })).toThrow(
      expect.objectContaining({ code: 'T2_NO_TRAINABLE_PARAMETER' }),
    )
  })

  it('refuses a target that no recorded call produced', () => {
    const optimizer = new OptoPrime([], { model })
    expect(() => optimizer.backward('from nowhere', 'Wrong')).toThrow(
      expect.objectContaining({ code: 'T2_TARGET_UNKNOWN' }),
    )
  })
})
