/** What happens to a ticket before it is answered. */
export type Decision = 'refund_now' | 'ask_colleague' | 'answer'

/** What the customer is told about the decision. */
export const outcomes: Readonly<Record<Decision, string>> = {
  refund_now: 'we have started your refund',
  ask_colleague: 'a colleague will review your refund',
  answer: 'we will look into your question',
}
