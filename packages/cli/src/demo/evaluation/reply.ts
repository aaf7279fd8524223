import type { Ticket } from '../tickets/ticket.ts'

interface HouseRule {
  readonly applies: (ticket: Ticket) => boolean
  readonly isMet: (reply: string, ticket: Ticket) => boolean
  readonly complaint: string
}

const always = () => true

/** The shop's style for letters, which the agent's first prompt says nothing about. */
const houseRules: readonly HouseRule[] = [
  {
    applies: always,
    isMet: (reply, { customer }) => reply.includes(customer.split(' ')[0] ?? customer),
    complaint: 'The reply must address the customer by name.',
  },
  {
    applies: ({ order }) => order !== '',
    isMet: (reply, { order }) => reply.includes(order),
    complaint: 'The reply must include the order number.',
  },
  {
    applies: always,
    isMet: (reply) => reply.trim().split(/\s+/).length <= 70,
    complaint: 'The reply is too long: it must use at most 70 words.',
  },
  {
    applies: always,
    isMet: (reply) => !/as soon as possible/i.test(reply),
    complaint: 'The reply must never say "as soon as possible".',
  },
  {
    applies: always,
    isMet: (reply) => /lumen & oak[.!]?\s*$/i.test(reply),
    complaint: 'The reply must end with "Lumen & Oak".',
  },
]

/** How many of the house rules that apply a reply meets, and what is to be said about the others. */
export function checkReply(
  reply: string,
  ticket: Ticket,
): { readonly met: number; readonly complaints: readonly string[] } {
  const rules = houseRules.filter((rule) => rule.applies(ticket))
  const broken = rules.filter((rule) => !rule.isMet(reply, ticket))
  return { met: rules.length - broken.length, complaints: broken.map((rule) => rule.complaint) }
}
