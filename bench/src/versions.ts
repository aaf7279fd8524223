import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parameterVersion } from '@trace2/core'
import { openStore, type Store } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import { figure } from './harness/figure.ts'

const spansPerWrite = 16_000
const writesMeasured = 4

/** How quickly spans are stored that each show a new version of one parameter, against spans that all show the same. */
export const versions = () => measureVersions(100_000)

/** The same with a million versions in the store. */
export const versionsFull = () => measureVersions(1_000_000)

async function measureVersions(largest: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-versions-'))
  const store = await openStore(join(directory, 'versions.duckdb'))
  try {
    await rate(store, () => 'the same')
    const same = await rate(store, () => 'the same')
    figure('spans with one version, per second of processor time', same, 'spans/s')
    let stored = 0
    const next = () => `value ${stored++}`
    const empty = await rate(store, next)
    report('an empty store', empty, { same, empty })
    while (stored < largest) await store.writeSpans(spans(spansPerWrite, next))
    report(`${shown(stored)} versions`, await rate(store, next), { same, empty })
  } finally {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Baselines {
  readonly same: number
  readonly empty: number
}

function report(where: string, found: number, { same, empty }: Baselines): void {
  const what = `spans with a new version each, in ${where}`
  figure(what, found, 'spans/s')
  figure(`${what}: of spans with one version`, found / same, '×', 'more')
  figure(`${what}: of an empty store`, found / empty, '×', 'more')
}

/** Spans a second of processor time, which other programs take nothing of; the median of some transactions. */
async function rate(store: Store, value: () => string): Promise<number> {
  const rates: number[] = []
  for (let write = 0; write < writesMeasured; write++) {
    const records = spans(spansPerWrite, value)
    const before = process.cpuUsage()
    await store.writeSpans(records)
    const { user, system } = process.cpuUsage(before)
    rates.push(spansPerWrite / ((user + system) / 1e6))
  }
  return rates.sort((a, b) => a - b)[rates.length >> 1] ?? 0
}

const shown = (count: number) => Math.round(count).toLocaleString('en')

const resource = { attributes: new Map([['service.name', 'bench']]), schemaUrl: '' }
const scope = { name: 'bench', version: '1', attributes: new Map(), schemaUrl: '' }

function spans(count: number, value: () => string): SpanRecord[] {
  const startNs = BigInt(Date.now()) * 1_000_000n
  return Array.from({ length: count }, (_, at): SpanRecord => {
    const text = value()
    return {
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: undefined,
      traceState: '',
      flags: 1,
      name: 'agent',
      kind: 1,
      startNs: startNs + BigInt(at),
      endNs: startNs + BigInt(at + 1),
      attributes: new Map<string, string | boolean>([
        ['trace2.kind', 'run'],
        ['trace2.op', 'agent'],
        ['input.value', '{"q":"x"}'],
        ['trace2.param.version.agent.prompt', parameterVersion(text)],
        ['trace2.param.value.agent.prompt', JSON.stringify(text)],
        ['trace2.param.trainable.agent.prompt', true],
      ]),
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: 0, message: '' },
      resource,
      scope,
    }
  })
}
