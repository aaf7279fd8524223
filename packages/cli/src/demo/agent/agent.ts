import { bundle, run } from '@trace2/instrumentation'
import type { Ticket } from '../tickets/ticket.ts'
import { type Category, readCategory } from './categories.ts'
import { type Decision, outcomes } from './decide.ts'
import type { ModelConnection } from './model.ts'
import { classifyPrompt, refundLimit, replyPrompt } from './parameters.ts'
import { type Policy, policies } from './policies.ts'

/** What the agent makes of a ticket. */
export interface Triage {
  readonly category: Category
  readonly decision: Decision
  readonly reply: string
}

/**
 * A support agent of four steps. Everything in it is plain TypeScript with plain values; what makes it trainable is
 * that its functions are bundles and its prompts and its limit are parameters.
 */
export function createAgent({ transport, model }: Pick<ModelConnection, 'transport' | 'model'>) {
  async function ask(prompt: string, message: string): Promise<string> {
    const { text } = await transport({
      model,
      temperature: 0,
      messages: [
        { role: 'system', content: prompt },
        { role: 'user', content: message },
      ],
    })
    return text
  }

  const classify = bundle(
    'classify',
    async (ticket: Ticket, prompt: string): Promise<Category> =>
      readCategory(await ask(prompt, `${ticket.subject}\n\n${ticket.body}`)),
    { step: 'llm', description: 'Asks the model for the category of a ticket.' },
  )

  const lookUpPolicy = bundle(
    'look_up_policy',
    (category: Category): Policy => policies[category],
    {
      step: 'tool',
      // It reads and changes nothing: a replay may run it.
      sideEffects: false,
      description: 'Looks up what the handbook says about a category.',
    },
  )

  const decide = bundle(
    'decide',
    (policy: Policy, amount: number, limit: number): Decision => {
      if (!policy.refundable) return 'answer'
      return amount <= limit ? 'refund_now' : 'ask_colleague'
    },
    { description: 'Pays a refund at once up to the limit, and asks a colleague beyond it.' },
  )

  const draft = bundle(
    'draft',
    (ticket: Ticket, decision: Decision, policy: Policy, prompt: string): Promise<string> =>
      ask(
        prompt,
        [
          `Customer: ${ticket.customer}`,
          ...(ticket.order ? [`Order number: ${ticket.order}`] : []),
          `Outcome: ${outcomes[decision]}`,
          `Policy: ${policy.text}`,
          `Subject: ${ticket.subject}`,
          '',
          ticket.body,
        ].join('\n'),
      ),
    { step: 'llm', description: 'Asks the model for the reply to the customer.' },
  )

  return run('support-triage', async (ticket: Ticket): Promise<Triage> => {
    const category = await classify(ticket, classifyPrompt)
    const policy = lookUpPolicy(category)
    const decision = decide(policy, ticket.amount, refundLimit)
    const reply = await draft(ticket, decision, policy, replyPrompt)
    return { category, decision, reply }
  })
}
