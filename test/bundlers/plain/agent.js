import { bundle, parameter, run } from '@trace2/instrumentation'
// Hears what is said when functions are bundled.
import './said.js'

export const classify = bundle(function classify(ticket, instruction) {
  /** Puts a ticket into a category. */
  return ticket.includes('charged') ? 'billing' : instruction
})

export const route = bundle('route', (category, urgency = 0.5) => {
  // Chooses who answers.
  return `${category} ${urgency > 0.7 ? 'now' : 'later'}`
})

export const greet = bundle(
  /** Greets the customer. */
  function greet(name) {
    return `Dear ${name}`
  },
  { trainable: true },
)

const system = parameter('plain.system', 'other')

export const agent = run('agent', async (ticket) => {
  const category = classify(ticket, system)
  await null
  return `${greet('Ann')} ${route(category)}`
})
