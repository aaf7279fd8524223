import '@trace2/simulated-model/without-key'
import { bundle, parameter } from '@trace2/instrumentation'
import { candidates, merge, opro, optoPrime, type Strategy, textGrad } from '@trace2/optimizer'
import { liveOptimizer } from '@trace2/optimizer/live'
import OpenAI from 'openai'

const client = new OpenAI()
const model = process.env.TRACE2_MODEL ?? 'gpt-4o-mini'

const system = parameter(
  'triage.system',
  'Answer with one of: refund, delivery, other. Otherwise, answer "other".',
  { description: 'Must name the three answers.' },
)
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

const failures = [
  { ticket: 'I want my money back.', answer: 'refund', because: 'money back' },
  { ticket: 'You owe me the price of a lamp.', answer: 'refund', because: 'owe me' },
  { ticket: 'The parcel has not come yet.', answer: 'delivery', because: 'parcel' },
  { ticket: 'When does the courier come?', answer: 'delivery', because: 'courier' },
]
const outputs: unknown[] = []
for (const { ticket } of failures) outputs.push(await classify.node(ticket, system))
const comments = failures.map(
  ({ answer, because }) => `This should be "${answer}": the customer writes "${because}".`,
)

const strategies: readonly Strategy[] = [
  optoPrime(),
  opro(),
  textGrad(),
  candidates(optoPrime(), { count: 3 }),
  merge(optoPrime(), { runsPerPart: 2 }),
]
const before = system.value
for (const strategy of strategies) {
  const optimizer = liveOptimizer([system], strategy)
  optimizer.backward(outputs, comments)
  // propose() changes nothing, so that each strategy starts from the same value.
  const { proposals, spent } = await optimizer.propose()
  system.update(String(proposals[0]?.value ?? before))
  let right = 0
  for (const { ticket, answer } of failures) {
    if ((await classify(ticket, system)) === answer) right++
  }
  system.update(before)
  const tokens = Math.round((spent.inputTokens + spent.outputTokens) / 500) * 500
  console.log(`${strategy.name}: calls ${spent.calls}, tokens about ${tokens}, right ${right} of 4`)
}
