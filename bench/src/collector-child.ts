// The collector that the measurements run, in a process of its own. When it ends it says how long its event loop was held.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startCollector } from '@trace2/collector'

const [db = '', settings = '{}'] = process.argv.slice(2)
const collector = await startCollector({ ...JSON.parse(settings), db, port: 0 })
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.once('SIGTERM', () => {
  console.log(delay.percentile(99) / 1e6)
  void collector.close()
})
// Who is told of it may end it at once.
console.log(collector.url)
