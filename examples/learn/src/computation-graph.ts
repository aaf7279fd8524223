import { startCollector } from '@trace2/collector'
import { bundle, parameter, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

// A collector and a recorder in this process; in production they are two processes.
const collector = await startCollector({ db: ':memory:', port: 0 })
const recording = start({ serviceName: 'learn', endpoint: collector.url })

const style = parameter('greet.style', 'Good morning', { description: 'At most three words.' })

const nickname = bundle('nickname', (name: string) => `dear ${name}`)
const greet = bundle('greet', (who: string, style: string) => `${style}, ${who}!`)
const signature = bundle('signature', (name: string) => `-- written for ${name}`)

const letter = run('letter', (name: string) => {
  signature(name)
  return greet(nickname(name), style)
})
console.log(letter('Ada Lovelace'))

await recording.flush()
const { store } = collector
const [stored] = await store.runs()
if (stored === undefined) throw new Error('The run was not recorded.')
const graph = await store.graph(stored.id)

const names = new Map(
  graph.nodes.map((node) => [
    node.id,
    'op' in node ? node.op : node.kind === 'parameter' ? node.name : JSON.stringify(node.value),
  ]),
)
for (const { from, to, role, how } of graph.edges) {
  console.log(`${names.get(from)} -> ${names.get(to)} as ${role} (${how})`)
}

await recording.shutdown()
await collector.close()
