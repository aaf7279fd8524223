import '@trace2/simulated-model/without-key'
import { type Guide, guideOf, weighted } from '@trace2/evaluation/guides'
import { bundle, parameter } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'
import OpenAI from 'openai'

const client = new OpenAI()
const model = process.env.TRACE2_MODEL ?? 'gpt-4o-mini'

const system = parameter('reply.system', 'Answer the customer.', {
  description: 'At most 80 words.',
})
const reply = bundle('reply', async (ticket: string, system: string) => {
  const { choices } = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: ticket },
    ],
  })
  return choices[0]?.message.content ?? ''
})

// A feedback function: from an output to a score from 0 to 1, and words that say what to do better.
const brief: Guide = {
  name: 'brief',
  definition: { kind: 'brief', words: 25 },
  source: 'code',
  judge: ({ output }) => {
    const words = String(output).split(/\s+/).length
    return words <= 25
      ? { score: 1, comment: 'It is short enough.' }
      : { score: 0, comment: `It has ${words} words. It must use at most 25 words.` }
  },
}
const helpful = guideOf({ kind: 'contains', name: 'helpful', text: 'order number' })
const quality = weighted('quality', [{ guide: helpful, weight: 2 }, { guide: brief }])

/** No guide here asks a model. */
const tools = {
  llm: () => {
    throw new Error('These guides ask no model.')
  },
}

const tickets = ['Where is my refund?', 'The cup is broken.', 'My parcel came without the lamp.']

const optimizer = new OptoPrime([system])
for (const round of [1, 2]) {
  let sum = 0
  for (const ticket of tickets) {
    const output = await reply(ticket, system)
    const { score, comment } = await quality.judge({ output, input: { ticket } }, tools)
    sum += score
    if (ticket === tickets[0]) console.log(`round ${round}, first ticket: ${comment}`)
    optimizer.backward(output, { name: quality.name, score, comment })
  }
  console.log(`round ${round}, mean score: ${(sum / tickets.length).toFixed(2)}\n`)
  if (round === 1) await optimizer.step()
}
console.log(system.value)
