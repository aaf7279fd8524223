import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { expect, it, onTestFinished } from 'vitest'
import { span, traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'

const directory = temporaryDirectory()

it('gives many graphs in the order asked for, up to the first run that there is not', async () => {
  const collector = await startCollector({ db: join(directory, 'runs.duckdb'), port: 0 })
  onTestFinished(() => collector.close())
  const runs = Array.from({ length: 150 }, (_, i) => traceId(`${i + 1}`))
  await collector.store.writeSpans(runs.map((trace) => span({ trace, id: '1' })))
  const shuffled = [...runs].sort((a, b) => Number(a.at(-1)) - Number(b.at(-1)))
  const client = await openStore(collector.url)
  for (const store of [collector.store, client]) {
    const found: string[] = []
    for await (const graph of store.graphs(shuffled)) found.push(graph.run)
    expect(found).toEqual(shuffled)

    const some: string[] = []
    const reading = async () => {
      for await (const graph of store.graphs([...runs.slice(0, 70), 'none', ...runs.slice(70)])) {
        some.push(graph.run)
      }
    }
    await expect(reading()).rejects.toMatchObject({ code: 'T2_RUN_UNKNOWN' })
    expect(some).toEqual(runs.slice(0, 70))
  }
})
