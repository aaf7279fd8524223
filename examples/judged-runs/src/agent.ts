import { bundle, parameter, run } from '@trace2/instrumentation'
import { defaultModel, openaiClient, openaiTransport } from '@trace2/optimizer'

/** What the loop improves. Nobody has said yet what a good reply is. */
export const system = parameter('reply.system', 'Answer the customer.', {
  description: 'At most 120 words.',
})

/** Asks any endpoint in the forms that it takes; TRACE2_TIMEOUT says how long it may be silent. */
const model = openaiTransport(openaiClient())

const write = bundle('write', async (ticket: string, instructions: string) => {
  /** Asks the model for a reply to the ticket. */
  const { text } = await model({
    model: defaultModel(),
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content: ticket },
    ],
  })
  return text
})

/** The agent: a ticket in, a reply out. */
export const reply = run('reply-agent', (ticket: string) => write(ticket, system))

/** A day's work. */
export const tickets: readonly string[] = [
  'Order number: 1042\nMy parcel came without the lamp.',
  'Order number: 2217\nWhere is my refund?',
  'Order number: 3380\nThe cup is broken.',
  'Order number: 4119\nI want to send the chair back.',
]
