import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chatServer } from '../testing/chat-server.ts'
import { ask, type Read } from './ask.ts'
import { asJson } from './json-answer.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'
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

const doubtful = asJson(
  (json): Read<unknown> => ({
    ok: true,
    value: json,
    doubt: typeof json === 'object' && json !== null && 'sure' in json ? undefined : 'it is unsure',
  }),
)

it.each([
  ['with the doubt, until there is none', ['{"n":1}', '{"n":2,"sure":true}'], { n: 2, sure: true }],
  ['and the last will do', ['{"n":1}', '{"n":2}', '{"n":3}'], { n: 3 }],
  ['and one that was doubtful is better than none', ['{"n":1}', 'No.', 'No.'], { n: 1 }],
])('an answer that is doubtful is asked for again, %s', async (_case, answers, expected) => {
  await using server = await chatServer((_body, call) => answers[call - 1] ?? '')
  const llm = createLlm({ transport: openaiTransport(server.client), store })
  const { value, calls } = await ask(llm, 'test', request, doubtful)
  expect(value).toEqual(expected)
  expect(calls).toHaveLength(answers.length)
  expect(server.bodies[1]?.messages.at(-1)?.content).toContain('it is unsure')
})

it('what had no valid answer is asked anew, and not of the store', async () => {
  const answers = ['No.', 'No.', 'No.', '{"sure":true}']
  await using server = await chatServer((_body, call) => answers[call - 1] ?? '')
  const llm = createLlm({ transport: openaiTransport(server.client), store })
  const failed = ask(llm, 'test', request, doubtful)
  await expect(failed).rejects.toMatchObject({ code: 'T2_MODEL_ANSWER' })
  expect(await ask(llm, 'test', request, doubtful)).toMatchObject({ value: { sure: true } })
  expect(server.bodies[3]?.messages).toEqual(server.bodies[0]?.messages)
})

it.each(['it is no list', 'it is no list.', 'it is no list. \n'])(
  'what is wrong with an answer is said in a sentence: %j',
  async (fault) => {
    await using server = await chatServer(() => 'No.')
    const llm = createLlm({ transport: openaiTransport(server.client), store })
    const asked = ask(llm, 'test', request, () => ({ ok: false, fault }), 1)
    await expect(asked).rejects.toThrow(/The last fault: it is no list\.$/)
    const again = server.bodies[1]?.messages.at(-1)?.content
    expect(again).toMatch(/^This answer cannot be used: it is no list\. Answer again/)
  },
)
