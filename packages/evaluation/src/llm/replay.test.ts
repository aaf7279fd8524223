import { appendFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonRequest, withModel } from '../testing/llm.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'
import { recordAnswers, replayAnswers } from './replay.ts'

it('replays the answers of the same step, or else of any other that asked the same', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
  await using model = await withModel((_body, call) => `{"call":${call}}`)
  const record = createLlm({
    transport: recordAnswers(openaiTransport(model.server.client), file),
    store: model.store,
  })
  for (const take of [0, 1]) await record.call('test', { ...jsonRequest, take })
  const other = await memoryStore()
  const replayed = createLlm({ transport: replayAnswers(file), store: other })
  const texts: string[] = []
  for (const take of [1, 0, 2]) {
    texts.push((await replayed.call('test', { ...jsonRequest, take })).text)
  }
  texts.push((await replayed.call('test', jsonRequest)).text)
  expect(texts).toEqual(['{"call":2}', '{"call":1}', '{"call":1}', '{"call":1}'])
})

describe('recorded answers', () => {
  it('stand in for the endpoint, a torn last line aside', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
    await using model = await withModel('{"a":1}')
    const record = recordAnswers(openaiTransport(model.server.client), file)
    await createLlm({ transport: record, store: model.store }).call('test', jsonRequest)
    await appendFile(file, '{"key":"x","answ')
    const other = await memoryStore()
    const replayed = createLlm({ transport: replayAnswers(file), store: other })
    expect((await replayed.call('test', jsonRequest)).text).toBe('{"a":1}')
    await expect(replayed.call('test', { ...jsonRequest, sample: 1 })).rejects.toMatchObject({
      code: 'T2_REPLAY_MISSING',
    })
    expect(model.server.bodies).toHaveLength(1)
  })

  it('include those that were in the store before', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
    await using model = await withModel('{"a":1}')
    await model.llm.call('test', jsonRequest)
    const record = recordAnswers(openaiTransport(model.server.client), file)
    await createLlm({ transport: record, store: model.store }).call('test', jsonRequest)
    expect(model.server.bodies).toHaveLength(1)
    const answers = replayAnswers(file)
    const other = await memoryStore()
    const { call } = await createLlm({ transport: answers, store: other }).call('test', jsonRequest)
    expect(call).toMatchObject({ response: { text: '{"a":1}' }, inputTokens: 100 })
  })
})
