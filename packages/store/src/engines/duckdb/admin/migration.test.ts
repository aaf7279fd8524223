import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { openStore } from '../../../open.ts'
import type { SpanRecord } from '../../../otlp/records.ts'
import type { Proposal } from '../../../proposal.ts'
import type { Store } from '../../../store.ts'
import { runIn, spellings } from '../../../testing/dialect-runs/index.ts'
import { type SpanSketch, span, spanId, traceId } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { storeTables } from '../tables/index.ts'
import { fillOldStore, makeOldStore, oldForms } from '../testing/old-store.ts'

const directory = temporaryDirectory()
const source = join(directory, 'today.duckdb')
let today: unknown

type Attributes = NonNullable<SpanSketch['attributes']>

const long = 'My parcel never came. '.repeat(100)
/** Its id alone begins as it does. */
const first = 'a'.repeat(32)
const ref = (trace: string, id: string) => `span:${traceId(trace)}:${spanId(id)}`

function op(input: object, more: Attributes = {}): Attributes {
  return {
    'trace2.kind': 'op',
    'input.value': JSON.stringify(input),
    'input.mime_type': 'application/json',
    ...more,
  }
}

/** A run with a parameter, long values, a failure, feedback and inputs of every kind. */
function ownRun(trace: string, at: number, version: string): SpanRecord[] {
  const ticket = { id: trace, text: long }
  const system = `Classify with ${version}.`
  return [
    span({
      ...{ trace, id: '1', at },
      attributes: op(
        { ticket },
        {
          'trace2.kind': 'run',
          'trace2.op': 'support',
          'trace2.inputs': [`return=${ref(trace, '2')}#/label`, 'nonsense'],
          'session.id': `session-${trace}`,
          'output.value': 'shipping',
        },
      ),
    }),
    span({
      ...{ trace, id: '2', parent: '1', at: at + 1 },
      attributes: op(
        { ticket, system, lines: 7 },
        {
          'trace2.inputs': [`system=param:triage.system@${version}`, 'lines=param:unseen@1'],
          'trace2.param.version.triage.system': version,
          'trace2.param.value.triage.system': JSON.stringify(system),
          'trace2.param.trainable.triage.system': true,
          'output.value': JSON.stringify({ label: 'shipping', why: long }),
          'output.mime_type': 'application/json',
        },
      ),
      events: [{ name: 'thought', attributes: { words: long } }],
    }),
    span({
      ...{ trace, id: '3', parent: '1', at: at + 2 },
      attributes: op(
        { label: 'shipping', why: long, answer: { label: 'shipping', why: long } },
        { 'trace2.inputs': [`label=${ref(trace, '2')}!value`, `x=${ref('f0', '2')}`] },
      ),
      links: [{ traceId: traceId('f0'), spanId: spanId('2') }],
      error: 'no such "ticket"',
    }),
    span({
      ...{ trace, id: '4', parent: '2', at: at + 3 },
      attributes: {
        'trace2.kind': 'feedback',
        'gen_ai.evaluation.name': 'helpful',
        'gen_ai.evaluation.score.value': at,
        'gen_ai.evaluation.explanation': 'Too long.',
      },
      links: [{ traceId: traceId(trace), spanId: spanId('2') }],
    }),
  ]
}

const severalRuns = [
  span({ trace: 'c', id: '1', at: 50, attributes: op({}) }),
  span({ trace: 'c', id: '2', parent: '1', at: 51, attributes: op({}, { 'trace2.kind': 'run' }) }),
  span({ trace: 'c', id: '3', parent: '1', at: 52, attributes: op({}, { 'trace2.kind': 'run' }) }),
  span({ trace: 'c', id: '4', parent: '9', at: 53, attributes: op({ lost: 'the parent of it' }) }),
]
/** Sent twice with different times, and not recognized as the same. */
const twice = [0, 1000].map((at) =>
  span({ trace: 'd', id: '1', at, attributes: op({ ticket: 'came twice' }) }),
)
const foreign = Object.values(spellings).flatMap((spelling, index) => runIn(spelling, `f${index}`))
const spans = [...ownRun(first, 10, 'v1'), ...ownRun('b', 20, 'v2'), ...severalRuns, ...foreign]

/** It keeps the first run from being deleted. */
const proposal: Proposal = {
  ...{ id: 'p-1', step: 's-1', parameter: 'triage.system', optimizer: 'opto', model: 'm' },
  ...{ baseVersion: 'v1', baseValue: 'Classify with v1.', version: 'v9', value: 'Classify well.' },
  ...{ runs: [first], feedback: [], reasoning: 'It is better.', llmCalls: [], status: 'open' },
  ...{ inputTokens: 1, outputTokens: 2, costUsd: null, note: '', decidedAt: null },
  createdAt: '2026-01-01T00:00:00Z',
}

beforeAll(async () => {
  for (const batch of [[...spans, ...twice.slice(0, 1)], twice.slice(1)]) {
    const store = await openStore(source)
    await store.writeSpans(batch)
    await store.close()
  }
  const store = await openStore(source)
  await store.addFeedback({ traceId: first, spanId: null, name: 'solved', label: 'yes' })
  await store.addParameterVersion({
    ...{ name: 'triage.system', value: 'Classify well.', trainable: true },
    ...{ description: '', schema: null },
  })
  await store.addProposals([proposal])
  await store.close()
  const copy = join(directory, 'used.duckdb')
  copyFileSync(source, copy)
  today = await useOf(copy)
})

/** Columns of a view that a later version added: older rows have nothing in them. */
function addedColumns(view: string): string[] {
  return storeTables
    .filter((table) => table.view?.name === view)
    .flatMap(({ columns }) => columns.filter(({ since }) => since !== undefined))
    .flatMap((column) => (column.shown ?? [column]).map(({ name }) => name))
}

/** Everything that can be read of a store. */
async function readingsOf(store: Store): Promise<Record<string, unknown>> {
  const runs = await store.runs({ limit: 0 })
  const ids = runs.map(({ id }) => id)
  const graphs: unknown[] = []
  for (const followLinks of [false, true]) {
    for await (const graph of store.graphs(ids, { followLinks })) graphs.push(graph)
  }
  const views = await store.sql(
    "SELECT view_name FROM duckdb_views() WHERE starts_with(view_name, 'v_') ORDER BY view_name",
  )
  const rows: Record<string, unknown> = {}
  for (const [view] of views.rows) {
    const added = addedColumns(String(view))
    const shown = added.length === 0 ? '*' : `* EXCLUDE (${added.join(', ')})`
    const { columns, rows: found } = await store.sql(`SELECT ${shown} FROM ${view}`)
    rows[String(view)] = { columns, rows: found.map((row) => JSON.stringify(row)).sort() }
  }
  // Long values of inputs had texts of their own; and when the store was made is nothing that was written.
  const { v_content: _texts, v_schema_meta: _made, ...compared } = rows
  return {
    runs,
    graphs,
    views: compared,
    latest: await store.runs({ limit: 3 }),
    since: await store.runs({ since: '2020-01-01T00:00:00Z' }),
    named: await store.runs({ ids }),
    judged: await store.runs({ hasFeedback: true }),
    found: await Promise.all(ids.map((id) => store.findRun(id))),
    graph: await store.graph('aaaa'),
    feedback: await store.feedback(),
    names: await store.feedbackNames(),
    parameters: await store.parameters(),
    history: await store.parameterHistory('triage.system'),
    proposals: await store.proposals(),
    scores: await store.parameterScores('triage.system'),
  }
}

/** What comes of it when more is written into a store, and some of it deleted. */
async function workOn(store: Store, path: string): Promise<unknown> {
  const again = await store.writeSpans([...spans, ...twice])
  const late = span({ trace: first, id: '9', parent: '1', at: 14, attributes: op({ is: 'late' }) })
  const written = await store.writeSpans([late, ...ownRun('e', 2000, 'v3')])
  const body = new Map([['content', 'What came in a log.']])
  const noted = await store.writeLogs([
    {
      ...{ timeNs: 1n, name: 'gen_ai.user.message', body, attributes: new Map() },
      ...{ traceId: traceId('f1'), spanId: spanId('4') },
    },
  ])
  const more = await readingsOf(store)
  const exported = (await store.exportParquet(`${path}.export`)).map((file) =>
    file.slice(path.length),
  )
  // All of these are years old.
  const { traces, spans: deleted } = await store.retain({ maxAgeSeconds: -1e9, force: true })
  return { again, written, noted, more, exported, traces, deleted, left: await readingsOf(store) }
}

/** What a store says when it is opened, and when it is opened again and worked on. */
async function useOf(path: string): Promise<unknown> {
  const opened = await openStore(path)
  const first = await readingsOf(opened)
  await opened.close()
  const again = await openStore(path)
  const later = await workOn(again, path)
  await again.close()
  return { first, later }
}

it.each(Object.entries(oldForms))(
  'reads, writes and deletes in a store of version %s as in one that was never older',
  async (version, form) => {
    const path = join(directory, `${version}.duckdb`)
    await makeOldStore(path, form)
    await fillOldStore(path, source)
    expect(await useOf(path)).toEqual(today)
  },
)
