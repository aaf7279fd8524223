import { expect, it } from 'vitest'
import { answerText } from './answer-text.ts'

const json = '{"n":7}'
const call = (given: unknown) => ({
  type: 'function',
  function: { name: 'answer', arguments: given },
})

it.each<[string, unknown, string]>([
  ['a text', { content: json, reasoning_content: 'Hm.' }, json],
  [
    'parts',
    {
      content: [
        { type: 'text', text: '{"n":' },
        { type: 'text', text: '7}' },
      ],
    },
    json,
  ],
  [
    'parts beside a thought',
    {
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
        { type: 'output_text', text: json },
      ],
    },
    json,
  ],
  ['parts that are texts', { content: ['{"n":', '7}'] }, json],
  ['an object', { content: { n: 7 } }, json],
  ['a call of a tool', { content: null, tool_calls: [call(json)] }, json],
  ['a call whose arguments are no text', { content: '', tool_calls: [call({ n: 7 })] }, json],
  ['words and a call', { content: 'Here:', tool_calls: [call(json)] }, `Here:\n${json}`],
  [
    'the older kind of call',
    { content: null, function_call: { name: 'answer', arguments: json } },
    json,
  ],
  ['a refusal', { content: null, refusal: 'No.', reasoning: 'Hm.' }, 'No.'],
  ['reasoning alone', { content: ' \n', reasoning_content: json }, json],
  ['reasoning under another name', { content: null, reasoning: json }, json],
  ['reasoning in parts', { reasoning_details: [{ type: 'reasoning.text', text: json }] }, json],
  ['nothing', { content: null, tool_calls: null }, ''],
  ['no message', null, ''],
  ['a message that is a text', 'x', ''],
])('is what a message says in %s', (_where, message, text) => {
  expect(answerText(message)).toBe(text)
})
