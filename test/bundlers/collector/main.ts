import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Collector, startCollector } from '@trace2/collector'

const traceId = '5b8efff798038103d269b633813fc60c'

/** A request with one span of this name. */
function request(name: string, spanId: string): string {
  const span = {
    traceId,
    spanId,
    name,
    kind: 1,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000001000000000',
    status: {},
  }
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
}

/** Names of the spans that a collector has, once they are this many. */
async function stored({ store }: Collector, count: number): Promise<readonly unknown[]> {
  for (let tries = 0; ; tries++) {
    const { rows } = await store.sql('SELECT name FROM v_span ORDER BY name')
    if (rows.length >= count || tries === 600) return rows.flat()
    await setTimeout(100)
  }
}

/** Starts a collector, sends it a span and reads back all that it has then. */
async function session(
  folder: string,
  name: string,
  spanId: string,
  count: number,
): Promise<unknown> {
  const collector = await startCollector({ db: join(folder, 'runs.duckdb'), port: 0 })
  try {
    const { status } = await fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: request(name, spanId),
    })
    return { status, names: await stored(collector, count) }
  } finally {
    await collector.close()
  }
}

/** Prints what two collectors, one after the other, say of the spans that they were sent. */
async function main(): Promise<void> {
  const folder = process.argv[2] ?? ''
  const first = await session(folder, 'first', '00f067aa0ba902b7', 1)
  // As after a crash: the journal is then read from end to end, in a process of its own, before it is used.
  await writeFile(join(folder, 'runs.duckdb.journal', 'in-use'), '1')
  const second = await session(folder, 'second', '00f067aa0ba902b8', 2)
  const line = `${JSON.stringify([first, second])}\n`
  if (!process.stdout.write(line)) await once(process.stdout, 'drain')
}

void main()
