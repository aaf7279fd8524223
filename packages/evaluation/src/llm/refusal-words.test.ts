import { openStore } from '@trace2/store'
import { describe, expect, it } from 'vitest'
import { chatServer } from '../testing/chat-server.ts'
import { ask } from './ask.ts'
import { asJson } from './json-answer.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'
import { isRefusal } from './refusal-words.ts'

describe('a refusal in words', () => {
  it.each([
    "I can't help with that.",
    'I can’t help with that request.',
    'I cannot assist with this.',
    "I'm sorry, but I can't assist with that request.",
    'I am sorry, I am unable to comply.',
    'Sorry, I’m not able to do that.',
    'I apologize, but I cannot provide new values for this prompt.',
    'Unfortunately, I am not able to fulfil this request.',
    'As an AI language model, I cannot create content of this kind.',
    'I won’t engage with this topic.',
    'I must decline this request.',
    'I cannot and will not help with this.',
    'We are not allowed to answer such questions.',
    'This request violates our usage policies.',
    '**I’m sorry, but I can’t continue with this conversation.**',
    '"I can\'t help with that."',
    '{"error": "I cannot help with that."}',
    '<think>The user wants something odd.</think>\n\nI can’t help with that.',
    'Es tut mir leid, aber ich kann dabei nicht helfen.',
    'Ich kann diese Anfrage leider nicht beantworten.',
    'Désolé, je ne peux pas vous aider.',
    'Lo siento, pero no puedo ayudar con eso.',
    'Desculpe, mas não posso ajudar com isso.',
    'Mi dispiace, non posso aiutarti.',
    '抱歉，我无法帮助您。',
    '申し訳ありませんが、お手伝いできません。',
    '죄송하지만 도와드릴 수 없습니다.',
    'К сожалению, я не могу помочь.',
  ])('is %j', (text) => expect(isRefusal(text)).toBe(true))

  it.each([
    '',
    'Here is the improved prompt.',
    'The prompt should say "I can\'t help with that" more seldom.',
    'I can help with that: use a shorter prompt.',
    'I see no reason to change the value.',
    "I can't wait to improve this prompt!",
    'Sorry for the confusion. The new value is "Classify the ticket.".',
    'I am not sure, but the value could be shorter.',
    'Ich kann helfen.',
    `I can't help with that. ${'But this is what I would do. '.repeat(40)}`,
  ])('is not %j', (text) => expect(isRefusal(text)).toBe(false))

  it.each([
    ['twice is the end', ["I can't help with that.", "I can't help with that.", '{}'], 2],
    ['later too', ['What?', "I can't help with that.", "I can't help with that."], 3],
  ])('has a code of its own, and %s', async (_when, answers, calls) => {
    const store = await openStore(':memory:')
    await using server = await chatServer((_body, call) => answers[call - 1] ?? '')
    const llm = createLlm({ transport: openaiTransport(server.client), store })
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }] }
    const read = asJson((json) => ({ ok: true, value: json }))
    await expect(ask(llm, 'test', request, read)).rejects.toMatchObject({
      code: 'T2_MODEL_REFUSED',
      message: expect.stringContaining("I can't help with that."),
    })
    expect(server.bodies).toHaveLength(calls)
    await store.close()
  })

  it('once is asked about once more', async () => {
    const store = await openStore(':memory:')
    const answers = ['I cannot assist with that.', '{"n":1}']
    await using server = await chatServer((_body, call) => answers[call - 1] ?? '')
    const llm = createLlm({ transport: openaiTransport(server.client), store })
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }] }
    const read = asJson((json) => ({ ok: true, value: json }))
    expect(await ask(llm, 'test', request, read)).toMatchObject({ value: { n: 1 } })
    await store.close()
  })
})
