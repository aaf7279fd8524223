// docs/guides/privacy.md: what must not leave the process is masked or withheld before it does.
import { bundle, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

const card = /\b\d{16}\b/g

const charge = bundle('charge', (email: string, order: string) => `charged ${order} for ${email}`)
const secret = bundle('secret', (text: string) => text.length, { captureContent: false })

const agent = run('cashier', (email: string, order: string) => {
  secret(order)
  return charge(email, order)
})

export async function pay(endpoint: string): Promise<string> {
  const tracing = start({
    serviceName: 'cashier',
    endpoint,
    mask: (value, { role }) => {
      if (role === 'email') return undefined
      if (typeof value !== 'string') return value
      return value.replace(card, '[card]').replace(/\S+@\S+/g, '[email]')
    },
  })
  const receipt = agent('ada@example.org', 'order 12 with card 4000123412341234')
  await tracing.shutdown()
  return receipt
}
