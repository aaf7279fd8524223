import { startCollector } from '@trace2/collector'
import { bundle, run, t } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

const collector = await startCollector({ db: ':memory:', port: 0 })
const recording = start({ serviceName: 'learn', endpoint: collector.url })

interface Order {
  readonly item: string
  readonly quantity: number
}

// Each bundle is an operator: plain values in, plain values out, one span for each call.
const parse = bundle('parse', (text: string): Order => {
  const [quantity = '', item = ''] = text.split(' ')
  return { item, quantity: Number(quantity) }
})
const check = bundle('check', (order: Order) => order.quantity > 0)
const confirm = bundle('confirm', (line: string) => `Confirmed: ${line}`)
const ship = bundle('ship', (isValid: boolean) => (isValid ? 'today' : 'never'))

const shop = run('shop', (text: string) => {
  const order = parse(text) // the text is an input from outside
  const isValid = check.node(order) // the same object: its producer is known
  confirm(t`${order.item}, ${order.quantity} pieces`) // t remembers what went into the text
  return ship(isValid) // a node says where even `true` comes from
})
console.log(shop('3 lamps'))

await recording.flush()
const { store } = collector
const [stored] = await store.runs()
if (stored === undefined) throw new Error('The run was not recorded.')
const { nodes, edges } = await store.graph(stored.id)
for (const node of nodes) {
  if (!('op' in node) || node.run) continue
  console.log(`\n${node.op} returned ${JSON.stringify(node.value)}`)
  for (const { from, role, how, pointer } of edges.filter(({ to }) => to === node.id)) {
    const producer = nodes.find(({ id }) => id === from)
    const name = producer && 'op' in producer ? producer.op : 'outside'
    console.log(`  ${role}: from ${name}${pointer} (${how})`)
  }
}

await recording.shutdown()
await collector.close()
