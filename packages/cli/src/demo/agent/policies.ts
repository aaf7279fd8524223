import type { Category } from './categories.ts'

/** What the shop's handbook says about a category of tickets. */
export interface Policy {
  readonly refundable: boolean
  readonly text: string
}

/** The handbook, which the agent consults as a tool. */
export const policies: Readonly<Record<Category, Policy>> = {
  refund: {
    refundable: true,
    text: 'Unused or faulty goods can be returned within 30 days; the refund takes five working days.',
  },
  delivery: {
    refundable: false,
    text: 'Orders leave the warehouse within two working days and take three more on the road.',
  },
  billing: {
    refundable: false,
    text: 'Wrong charges are corrected within three working days; invoices can be issued again at any time.',
  },
  account: {
    refundable: false,
    text: 'Changes to a profile are made by the customer after signing in, or by us after a check of identity.',
  },
  product: {
    refundable: false,
    text: 'Spare parts and manuals are listed on each product page.',
  },
}
