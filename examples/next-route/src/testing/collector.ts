import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Collector, startCollector } from '@trace2/collector'
import { onTestFinished } from 'vitest'

/** A collector on a free loopback port, with a directory that goes when the test ends. */
export async function temporaryCollector(): Promise<Collector> {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-next-'))
  const collector = await startCollector({ db: join(directory, 'runs.duckdb'), port: 0 })
  onTestFinished(async () => {
    await collector.close()
    await rm(directory, { recursive: true, force: true })
  })
  return collector
}
