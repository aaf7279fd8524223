import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chatServer } from '../testing/chat-server.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'
import { recordAnswers, replayAnswers } from './replay.ts'
import type { ChatRequest } from './request.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const request: ChatRequest = {
  model: 'simulated-small',
  messages: [{ role: 'user', content: 'Hello' }],
  schema: { name: 'answer', schema: { type: 'object' } },
}

it('replays the answers of the same step, or else of any other that asked the same', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
  await using server = await chatServer((_body, call) => `{"call":${call}}`)
  const record = createLlm({
    transport: recordAnswers(openaiTransport(server.client), file),
    store,
  })
  for (const take of [0, 1]) await record.call('test', { ...request, take })
  const other = await openStore(':memory:')
  const replayed = createLlm({ transport: replayAnswers(file), store: other })
  const texts: string[] = []
  for (const take of [1, 0, 2]) {
    texts.push((await replayed.call('test', { ...request, take })).text)
  }
  texts.push((await replayed.call('test', request)).text)
  expect(texts).toEqual(['{"call":2}', '{"call":1}', '{"call":1}', '{"call":1}'])
  await other.close()
})
