import { expect, test } from 'vitest'
import { categories } from '../agent/categories.ts'
import { heldOutTickets } from './held-out.ts'
import { trainTickets } from './train.ts'

const all = [...trainTickets, ...heldOutTickets]

test('training and held-out tickets have nothing in common', () => {
  for (const key of ['id', 'customer', 'subject', 'body'] as const) {
    const train = new Set(trainTickets.map(({ ticket }) => ticket[key]))
    const shared = heldOutTickets.filter(({ ticket }) => train.has(ticket[key]))
    expect(shared).toEqual([])
    expect(new Set(all.map(({ ticket }) => ticket[key])).size).toBe(all.length)
  }
})

test('every category and every decision occurs in both', () => {
  for (const tickets of [trainTickets, heldOutTickets]) {
    expect(new Set(tickets.map(({ category }) => category))).toEqual(new Set(categories))
    expect(new Set(tickets.map(({ decision }) => decision)).size).toBe(3)
  }
})

test('what a reviewer quotes stands in the ticket', () => {
  for (const { ticket, grounds } of all) {
    expect(`${ticket.subject}\n${ticket.body}`.toLowerCase()).toContain(grounds)
  }
})
