import type { Category } from '../agent/categories.ts'
import type { Decision } from '../agent/decide.ts'

/** What a customer wrote, as the shop's form sends it. */
export interface Ticket {
  readonly id: string
  readonly customer: string
  /** Order number; empty where the customer named none. */
  readonly order: string
  /** Value of the order in USD. */
  readonly amount: number
  readonly subject: string
  readonly body: string
}

/** A ticket that a colleague has gone through: the test of what the agent makes of it. */
export interface ReviewedTicket {
  readonly ticket: Ticket
  readonly category: Category
  readonly decision: Decision
  /** The customer's words on which the colleague rests the category; quoted in feedback. */
  readonly grounds: string
}
