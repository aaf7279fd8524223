/** What a ticket can be about. */
export const categories = ['refund', 'delivery', 'billing', 'account', 'product'] as const
export type Category = (typeof categories)[number]

/** The category a model's answer names; `product` where it names none: these tickets end at a person anyway. */
export function readCategory(answer: string): Category {
  const text = answer.trim().toLowerCase()
  return categories.find((category) => text === category || text.startsWith(category)) ?? 'product'
}
