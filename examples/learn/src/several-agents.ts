import '@trace2/simulated-model/without-key'
import { bundle, parameter, run } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'
import OpenAI from 'openai'

const client = new OpenAI()
const model = process.env.TRACE2_MODEL ?? 'gpt-4o-mini'

async function ask(system: string, user: string): Promise<string> {
  const { choices } = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
  })
  return choices[0]?.message.content ?? ''
}

// Three agents, each with a prompt of its own.
const prompts = {
  router: parameter(
    'router.system',
    'Answer with one of: sales, repair. Otherwise, answer "sales".',
  ),
  sales: parameter('sales.system', 'Use at most 20 words. Say "Our shop is open until six."'),
  repair: parameter('repair.system', 'Use at most 20 words. Say "We repair what we have sold."'),
}
const route = bundle('route', ask, { step: 'agent' })
const specialists = {
  sales: bundle('sales', ask, { step: 'agent' }),
  repair: bundle('repair', ask, { step: 'agent' }),
}

// The system: one agent hands over to another. A node keeps who said what.
const desk = run('desk', async (ticket: string) => {
  const department = await route.node(prompts.router, ticket)
  const name = department.value === 'repair' ? 'repair' : 'sales'
  return { department, reply: await specialists[name].node(prompts[name], ticket) }
})

const ticket = 'The screen of my phone is cracked.'
const optimizer = new OptoPrime(Object.values(prompts))

// Feedback on one agent: the wrong department was chosen.
const first = await desk(ticket)
console.log(`${first.department.value}: ${first.reply.value}`)
optimizer.backward(
  first.department,
  'This should be "repair": the customer writes "screen" and "cracked".',
)
const step = await optimizer.step()
console.log(`  changed: ${step.applied.map(({ parameter }) => parameter).join(', ')}`)

// Feedback on another: the right department gave an answer that does not help.
const second = await desk(ticket)
console.log(`${second.department.value}: ${second.reply.value}`)
optimizer.zeroFeedback()
optimizer.backward(second.reply, 'The reply must include "Please bring it to our desk."')
const next = await optimizer.step()
console.log(`  changed: ${next.applied.map(({ parameter }) => parameter).join(', ')}`)
for (const { name, reason } of next.unreached) console.log(`  not reached: ${name} (${reason})`)

const third = await desk(ticket)
console.log(`${third.department.value}: ${third.reply.value}`)
