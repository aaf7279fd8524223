import { parameter } from '@trace2/instrumentation'
import { categories } from './categories.ts'

/** How a ticket is classified. */
export const classifyPrompt = parameter(
  'triage.classify',
  `Classify the customer's ticket. Answer with one of: ${categories.join(', ')}.
- refund: goods that the customer does not want to keep
- delivery: shipping of an order
- billing: payments and invoices
- account: profile, password, mails
- product: questions about our goods`,
  { description: 'Instructions for choosing the category of a ticket. At most 250 words.' },
)

/** How a reply is written. */
export const replyPrompt = parameter('triage.reply', "Write a reply to the customer's ticket.", {
  description: 'Instructions for writing the reply to a customer. At most 250 words.',
})

/** Up to which value of an order a refund needs no colleague. */
export const refundLimit = parameter('triage.refund_limit', 20, {
  description:
    'Refunds of orders up to this value in USD are paid at once, others go to a colleague.',
  schema: { type: 'number', minimum: 0, maximum: 500 },
})
