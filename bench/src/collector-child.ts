// The collector that `collector.ts` measures, in a process of its own.
import { startCollector } from '@trace2/collector'

const collector = await startCollector({ db: process.argv[2] ?? '', port: 0 })
console.log(collector.url)
process.once('SIGTERM', () => void collector.close())
