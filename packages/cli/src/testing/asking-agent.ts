import { instrumentOpenAI, parameter, run, t } from '@trace2/instrumentation'
import OpenAI from 'openai'

const client = instrumentOpenAI(new OpenAI({ apiKey: 'none', maxRetries: 0 }))
const model = process.env.ASKING_MODEL ?? 'gpt-4o-mini'
const tone = parameter('asking.tone', 'plainly')

/** Asks its model three times in a row, the last time in a stream. */
export const agent = run('asking', async (ticket: string) => {
  const said: string[] = []
  for (const step of ['read', 'think']) {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: t`${tone}: ${step} ${ticket}` }],
    })
    said.push(choices[0]?.message.content ?? '')
  }
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    messages: [{ role: 'user', content: t`${tone}: answer ${ticket}` }],
  })
  for await (const { choices } of stream) said.push(choices[0]?.delta.content ?? '')
  return said.join(' ')
})
