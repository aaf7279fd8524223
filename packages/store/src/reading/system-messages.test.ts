import { describe, expect, it } from 'vitest'
import { readSpan } from '../testing/read-span.ts'

const rule = 'You look up orders.'
const system = (...texts: string[]) => ({
  role: 'system',
  parts: texts.map((content) => ({ type: 'text', content })),
})
const user = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] })
const read = (...messages: object[]) => {
  const { parameters, input } = readSpan({
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': messages,
  })
  return { prompts: parameters.map(([, value]) => value), input }
}

describe('messages of the system', () => {
  it('after somebody has spoken are part of the conversation', () => {
    expect(read(system(rule), user('Hi'), system('The user moved.'), user('Where?'))).toEqual({
      prompts: [rule],
      input: [
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'The user moved.' },
        { role: 'user', content: 'Where?' },
      ],
    })
    expect(read(user('Hi'), system('The user moved.')).prompts).toEqual([])
  })

  it('at the beginning are a prompt and what is told of this run', () => {
    expect(read(system(rule), system(rule), system('Memory: tea.'), user('Hi'))).toEqual({
      prompts: [rule],
      input: [
        { role: 'system', content: 'Memory: tea.' },
        { role: 'user', content: 'Hi' },
      ],
    })
  })
})

describe('texts in the parts of a message', () => {
  it('stand below one another where a program has written them', () => {
    const { prompts } = read(system(rule, 'Be brief.', ' And kind.\n', 'Say "Sir".'), user('Hi'))
    expect(prompts).toEqual([`${rule}\nBe brief. And kind.\nSay "Sir".`])
    const parts = [...user('Where is it?').parts, ...user('Order A-1').parts]
    expect(read({ role: 'user', parts }).input).toEqual([
      { role: 'user', content: 'Where is it?\nOrder A-1' },
    ])
  })

  it('are one text where a model has said them', () => {
    const said = { role: 'assistant', parts: [...user('Hel').parts, ...user('lo').parts] }
    expect(read(user('Hi'), said).input).toContainEqual({ role: 'assistant', content: 'Hello' })
  })
})
