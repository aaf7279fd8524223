import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Collector, startCollector } from '@trace2/collector'
import { onTestFinished } from 'vitest'

/** A directory of this test's own, removed when it ends. */
export async function place(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A collector on a free loopback port with a database on disk, closed when the test ends. */
export async function collector(): Promise<Collector> {
  const started = await startCollector({ db: join(await place(), 'test.duckdb'), port: 0 })
  onTestFinished(() => started.close())
  return started
}
