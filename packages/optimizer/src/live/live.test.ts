import { bundle, node, parameter } from '@trace2/instrumentation'
import { startSimulatedModel } from '@trace2/simulated-model'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { chatServer } from '../testing/chat-server.ts'
import { OptoPrime } from './index.ts'

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

  it('refuses a target that no recorded call produced', () => {
    const optimizer = new OptoPrime([], { model })
    expect(() => optimizer.backward('from nowhere', 'Wrong')).toThrow(
      expect.objectContaining({ code: 'T2_TARGET_UNKNOWN' }),
    )
  })
})
