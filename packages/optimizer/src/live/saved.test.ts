import { bundle, parameter } from '@trace2/instrumentation'
import { expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { OptoPrime } from './index.ts'

it('goes on in another optimizer with the values in force and what was tried before them', async () => {
  await using server = await chatServer((_body, call) =>
    JSON.stringify({ reasoning: '', suggestion: { 'saved.word': `word ${call}` } }),
  )
  const word = parameter('saved.word', 'word 0')
  const say = bundle('saved', (text: string) => `I say ${text}`)
  const options = { client: server.client, model: 'simulated-small' }
  const before = new OptoPrime([word], options)
  for (const score of [0.25, 0.5]) {
    before.zeroFeedback()
    before.backward(say(word), { score })
    await before.step()
  }
  const saved: unknown = JSON.parse(JSON.stringify(before.save()))
  word.update('word 0')

  const after = new OptoPrime([word], options)
  after.load(saved)
  expect(word.value).toBe('word 2')
  after.backward(say(word), { score: 0.75 })
  await after.step()
  const prompt = server.bodies[2]?.messages.at(-1)?.content
  expect(prompt).toMatch(/<attempt [^>]*score="0.250"[^>]*>\nword 0\n/)
  expect(prompt).toMatch(/<attempt [^>]*score="0.500"[^>]*>\nword 1\n/)
  expect(JSON.parse(JSON.stringify(after.save())).tried).toHaveLength(3)
})

it('refuses what is something else, and changes nothing', () => {
  const count = parameter('saved.count', 1)
  const other = parameter('saved.other', 'as it was')
  const optimizer = new OptoPrime([count, other])
  const saved = optimizer.save()
  for (const wrong of [
    undefined,
    null,
    [],
    '{}',
    { ...saved, trace2: 2 },
    { ...saved, parameters: [] },
    { ...saved, tried: [{ run: 1 }] },
    { ...saved, tried: [{ run: 'r', score: 'high', values: [] }] },
    { ...saved, tried: [{ run: 'r', score: 1, values: [{ name: 'a' }] }] },
    { ...saved, parameters: { 'saved.other': 'changed', 'saved.count': 'no number' } },
  ]) {
    expect(() => optimizer.load(wrong)).toThrow(
      expect.objectContaining({ code: 'T2_SAVED_OPTIMIZER' }),
    )
  }
  expect([count.value, other.value]).toEqual([1, 'as it was'])
  optimizer.load({ ...saved, parameters: { 'saved.count': 7, 'saved.gone': true } })
  expect([count.value, other.value]).toEqual([7, 'as it was'])
})
