import '@trace2/simulated-model/without-key'
import { bundle, parameter } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'
import OpenAI from 'openai'

const client = new OpenAI()
const model = process.env.TRACE2_MODEL ?? 'gpt-4o-mini'

const first = 'Answer with one of: refund, delivery, other. Otherwise, answer "other".'
const system = parameter('triage.system', first, { description: 'Must name the three answers.' })
const classify = bundle('classify', async (ticket: string, system: string) => {
  const { choices } = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: ticket },
    ],
  })
  return choices[0]?.message.content ?? ''
})

/** Tickets to learn from: the right answer, and the words by which a person knows it. */
const known = [
  { ticket: 'I want my money back for the kettle.', answer: 'refund', because: 'money back' },
  { ticket: 'The parcel has not come yet.', answer: 'delivery', because: 'parcel' },
]
/** Tickets that only show what was learned. */
const unseen = [
  { ticket: 'Please send me my money back.', answer: 'refund' },
  { ticket: 'Money back, or I call a lawyer.', answer: 'refund' },
  { ticket: 'A parcel was left in the rain.', answer: 'delivery' },
  { ticket: 'Which parcel service do you use?', answer: 'delivery' },
]

const ways = {
  'a score': () => 0,
  'a score and a complaint': () => ({ score: 0, comment: 'This is wrong.' }),
  'the right answer': ({ answer }: (typeof known)[number]) => ({
    score: 0,
    comment: `This should be "${answer}".`,
  }),
  'the right answer and the reason': ({ answer, because }: (typeof known)[number]) => ({
    score: 0,
    comment: `This should be "${answer}": the customer writes "${because}".`,
  }),
}

for (const [way, feedbackOn] of Object.entries(ways)) {
  system.update(first)
  const optimizer = new OptoPrime([system])
  for (const example of known) {
    optimizer.backward(await classify.node(example.ticket, system), feedbackOn(example))
  }
  await optimizer.step()
  let right = 0
  for (const { ticket, answer } of unseen) {
    if ((await classify(ticket, system)) === answer) right++
  }
  console.log(
    `${way}: ${right} of ${unseen.length} right\n  ${system.value.replace(/\n/g, '\n  ')}\n`,
  )
}
