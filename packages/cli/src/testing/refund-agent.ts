import { appendFileSync } from 'node:fs'
import { bundle, parameter, run } from '@trace2/instrumentation'

const limit = parameter('refunds.limit', 50, {
  description: 'Refunds up to this are made at once.',
  schema: { type: 'number', minimum: 0, maximum: 1000 },
})

/** Writes a line per call into the file that the environment names: what has effects must never run in a replay. */
const lookUp = bundle(
  'look_up',
  async (id: string) => {
    if (process.env.REFUND_LOG) appendFileSync(process.env.REFUND_LOG, `${id}\n`)
    return { id, open: true }
  },
  { sideEffects: true },
)
const decide = bundle('decide', (amount: number, most: number) =>
  amount <= most ? 'refund' : 'ask a colleague',
)

export const agent = run('refunds', async (order: { id: string; amount: number }) => {
  const { id } = await lookUp(order.id)
  return { order: id, decision: decide(order.amount, limit) }
})
