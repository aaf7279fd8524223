import type { Category } from '../agent/categories.ts'
import type { Decision } from '../agent/decide.ts'
import type { ReviewedTicket, Ticket } from './ticket.ts'

/** Writes a reviewed ticket in one line and what the customer wrote. */
export function reviewed(
  id: string,
  category: Category,
  decision: Decision,
  grounds: string,
  ticket: Omit<Ticket, 'id'>,
): ReviewedTicket {
  return { ticket: { id, ...ticket }, category, decision, grounds }
}
