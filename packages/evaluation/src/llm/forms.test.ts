import { expect, it } from 'vitest'
import { type ChatBody, chatServer } from '../testing/chat-server.ts'
import { openai } from '../testing/personalities.ts'
import { openaiClient } from './client.ts'
import { firstForms } from './forms.ts'
import { openaiTransport } from './openai.ts'

const here = 'http://127.0.0.1:11434/v1'

it.each([
  ['https://api.openai.com/v1', 'ft:anything', 'max_completion_tokens'],
  ['https://mine.openai.azure.com/openai/v1', 'my-deployment', 'max_completion_tokens'],
  [here, 'gpt-4o-mini', 'max_completion_tokens'],
  ['https://openrouter.ai/api/v1', 'openai/o3', 'max_completion_tokens'],
  ['https://openrouter.ai/api/v1', 'openai/gpt-oss-120b', 'max_tokens'],
  [here, 'llama3.2', 'max_tokens'],
  [here, 'o1labs', 'max_tokens'],
  ['https://openai.com.example.org/v1', 'llama3.2', 'max_tokens'],
])('the answer of %s, model %s, is limited by %s first', (url, model, name) => {
  expect(firstForms({ url }, model).limits[0]).toBe(name)
})

const limitOf = ({ max_tokens, max_completion_tokens }: ChatBody) => [
  max_tokens,
  max_completion_tokens,
]

it.each([
  ['knows only the older name', ['max_completion_tokens'], [[50, undefined]]],
  [
    'wants the newer name',
    ['max_tokens'],
    [
      [50, undefined],
      [undefined, 50],
    ],
  ],
  [
    'takes no limit at all',
    ['max_tokens', 'max_completion_tokens'],
    [
      [50, undefined],
      [undefined, 50],
      [undefined, undefined],
    ],
  ],
])('a server that %s is asked for each name once', async (_what, refused, asked) => {
  await using server = await chatServer((body) => {
    const name = refused.find((each) => each in body)
    return name === undefined ? 'Hello' : openai(400, `Unsupported parameter: '${name}'.`, name)
  })
  const transport = openaiTransport(openaiClient({ baseURL: server.url, apiKey: 'none' }))
  const request = { model: 'llama3.2', maxOutputTokens: 50, messages: [] }
  for (let times = 0; times < 2; times++) await transport(request)
  expect(server.bodies.map(limitOf)).toEqual([...asked, asked.at(-1)])
})

it.each([
  ['by one', (limit: number) => limit - 1],
  ['by half', (limit: number) => Math.floor(limit / 2)],
])('a server that names a limit lower %s each time is soon given up', async (_how, next) => {
  await using server = await chatServer(({ max_tokens = 0 }) =>
    openai(400, `max_tokens must be at most ${next(max_tokens)}`, 'max_tokens'),
  )
  const transport = openaiTransport(openaiClient({ baseURL: server.url, apiKey: 'none' }))
  const request = { model: 'llama3.2', maxOutputTokens: 1_000_000, messages: [] }
  await expect(transport(request)).rejects.toMatchObject({ code: 'T2_MODEL_CALL' })
  expect(server.bodies).toHaveLength(6)
})
