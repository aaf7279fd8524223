import { bundle, currentRun, parameter, run } from '@trace2/instrumentation'
import type { Request } from 'express'
import type { Knex } from 'knex'
import type OpenAI from 'openai'
import type { Customer, Reply } from './database.ts'

const classifyPrompt = parameter(
  'tickets.classify',
  `Answer with one of: billing, outage, question.
If the ticket mentions "invoice" or "charged", answer "billing".
If the ticket mentions "down" or "error", answer "outage".
Otherwise, answer "question".`,
  { description: 'Instructions for classifying a ticket. Must name the three classes.' },
)
const replyPrompt = parameter('tickets.reply', 'Write a reply. Address the customer by name.', {
  description: 'Instructions for writing the reply.',
})

export interface Ticket {
  readonly customer: number
  readonly text: string
}

/** Says that a ticket cannot be answered because of what its sender asked for. */
export class BadTicket extends Error {}

const readTicket = bundle('read_ticket', (request: Request): Ticket => {
  const { customer, text } = request.body ?? {}
  if (!Number.isInteger(customer) || typeof text !== 'string')
    throw new BadTicket('A ticket has a customer and a text.')
  return { customer, text }
})

/** The agent of the service: its steps are plain functions and knex queries. */
export function createAgent(database: Knex, client: OpenAI, model: string) {
  async function ask(instructions: string, message: string): Promise<string> {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: message },
      ],
    })
    return choices[0]?.message.content ?? ''
  }

  // A query of knex does nothing until it is awaited, and runs once for each time that it is.
  const lookUpCustomer = bundle(
    'look_up_customer',
    (id: number) => database<Customer>('customers').where({ id }).first(),
    { step: 'retriever' },
  )
  const earlierReplies = bundle(
    'earlier_replies',
    (customer: Customer) =>
      database<Reply>('replies').where({ customer_id: customer.id }).orderBy('id', 'desc'),
    { step: 'retriever' },
  )
  const classify = bundle(
    'classify',
    (text: string, customer: Customer, instructions: string) =>
      ask(instructions, `Plan: ${customer.plan}\n\n${text}`),
    { step: 'llm' },
  )
  const draft = bundle(
    'draft',
    (text: string, customer: Customer, category: string, earlier: Reply[], instructions: string) =>
      ask(
        instructions,
        [
          `Customer: ${customer.name}`,
          `Category: ${category}`,
          ...earlier.map((reply) => `Earlier reply: ${reply.text}`),
          '',
          text,
        ].join('\n'),
      ),
    { step: 'llm' },
  )
  const storeReply = bundle(
    'store_reply',
    (customer: Customer, category: string, text: string) =>
      database<Reply>('replies').insert({ customer_id: customer.id, category, text }, 'id'),
    { step: 'tool', sideEffects: true },
  )

  const answer = run('ticket-service', async (request: Request) => {
    const ticket = readTicket(request)
    const customer = await lookUpCustomer(ticket.customer)
    if (!customer) throw new BadTicket('There is no such customer.')
    const [category, earlier] = await Promise.all([
      classify(ticket.text, customer, classifyPrompt),
      earlierReplies(customer).limit(3),
    ])
    const reply = await draft(ticket.text, customer, category, earlier, replyPrompt)
    await storeReply(customer, category, reply)
    return { category, reply, run: currentRun() }
  })
  return { answer, lookUpCustomer }
}
