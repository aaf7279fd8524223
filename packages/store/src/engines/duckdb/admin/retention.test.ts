import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { keepRetaining } from '../../../../../collector/src/retention/timer.ts'
import type { Proposal } from '../../../proposal.ts'
import type { RetentionPolicy } from '../../../retention-policy.ts'
import { caseOf, trialOf, verdictOf } from '../../../testing/evaluations.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'
import { applyRetention } from './retention.ts'

const directory = temporaryDirectory()
const second = 1_000_000_000n
const nowNs = () => BigInt(Date.now()) * 1_000_000n
let open: OpenDatabase
let files = 0

async function openNew() {
  open = await openDatabase(join(directory, `${files++}.duckdb`))
}

afterEach(() => open.store.close())

/** One trace of two spans with an input that is stored by its hash, received so many seconds ago. */
function write(trace: string, secondsAgo: number, long = `long ${trace} `.repeat(400)) {
  const spans = [
    span({
      trace,
      id: '1',
      attributes: { 'trace2.kind': 'run', 'trace2.op': 'agent', 'output.value': long },
    }),
    span({
      trace,
      id: '2',
      parent: '1',
      attributes: {
        'trace2.kind': 'op',
        'trace2.op': 'step',
        'input.value': JSON.stringify({ text: long }),
        'trace2.param.value.prompt': '"hi"',
        'trace2.param.version.prompt': 'aaaaaaaaaaaaaaaa',
      },
    }),
  ]
  return open.writer.write(spans, [], nowNs() - BigInt(secondsAgo) * second)
}

const proposal = (id: string, evidence: Partial<Proposal>): Proposal => ({
  id,
  step: 's-1',
  parameter: 'prompt',
  baseVersion: 'aaaaaaaaaaaaaaaa',
  baseValue: 'hi',
  version: 'bbbbbbbbbbbbbbbb',
  value: 'hello',
  optimizer: 'optoprime',
  model: 'm',
  runs: [],
  feedback: [],
  reasoning: '',
  llmCalls: [],
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  status: 'open',
  note: '',
  createdAt: '2026-11-23T00:00:00Z',
  decidedAt: null,
  ...evidence,
})

const ids = async () => (await open.store.runs({ limit: 0 })).map(({ traceId }) => traceId).sort()

async function left(table: string): Promise<unknown> {
  const rows = await open.database.rows(`SELECT count(*)::INTEGER AS n FROM ${table}`)
  return rows[0]?.n
}

describe('retention by age', () => {
  it('deletes whole traces with all that hangs on them, and keeps the versions of parameters', async () => {
    await openNew()
    await write('a', 100)
    await write('b', 1)
    await open.store.addFeedback({
      traceId: traceId('a'),
      spanId: spanId('2'),
      name: 'n',
      score: 1,
    })
    const before = await left('content')
    const result = await open.store.retain({ maxAgeSeconds: 50, force: true })
    expect(result).toMatchObject({ traces: 1, spans: 2, keptAsEvidence: 0 })
    expect(await ids()).toEqual([traceId('b')])
    for (const table of ['span', 'edge_ref', 'parameter_use', 'feedback']) {
      const gone = `${table} WHERE trace_id = '${traceId('a')}'`
      expect([table, await left(gone)]).toEqual([table, 0])
    }
    expect(await left('content')).toBeLessThan(Number(before))
    expect(await open.store.parameterHistory('prompt')).toHaveLength(1)
  })

  it('keeps what open and accepted proposals rest on, by run, feedback or evaluation', async () => {
    await openNew()
    for (const trace of ['a', 'b', 'c', 'd']) await write(trace, 100)
    const onTrace = (trace: string) => ({
      traceId: traceId(trace),
      spanId: null,
      name: 'n',
      score: 1,
    })
    const { id } = await open.store.addFeedback(onTrace('b'))
    const rejected = await open.store.addFeedback(onTrace('d'))
    await open.store.addProposals([
      proposal('p-1', { runs: [`${traceId('a')}:${spanId('1')}`] }),
      proposal('p-2', { feedback: [id], status: 'accepted' }),
      proposal('p-3', { runs: [traceId('d')], feedback: [rejected.id], status: 'rejected' }),
    ])
    // As versions before 6 wrote it.
    await open.database.write((connection) =>
      connection.run('INSERT INTO evaluation VALUES ($1, $2, $3, $4)', [
        'e-1',
        'p-1',
        '2026-11-23T00:00:00Z',
        JSON.stringify({ run: traceId('c'), split: 'v', item: 'i', score: 1, comment: null }),
      ]),
    )
    const result = await open.store.retain({ maxAgeSeconds: 50, force: true })
    expect(result).toMatchObject({ traces: 1, keptAsEvidence: 3 })
    expect(await ids()).toEqual(['a', 'b', 'c'].map(traceId))
    expect(await open.store.feedback()).toHaveLength(1)
  })

  it('deletes trials with their traces, but for those that a verdict on a kept proposal rests on', async () => {
    await openNew()
    for (const trace of ['a', 'b', 'c']) await write(trace, 100)
    const trial = (id: string, experiment: string, trace: string, startedAt: string) =>
      trialOf(id, { experiment, traceId: trace === '' ? '' : traceId(trace), startedAt })
    const [long, now] = ['2026-01-01T00:00:00.000Z', new Date().toISOString()]
    await open.store.putTrials([
      trial('t-a', 'e-1', 'a', long),
      trial('t-b', 'e-2', 'b', long),
      // Without spans: kept for as long as a trace would be.
      trial('t-d', 'e-1', 'd', long),
      trial('t-e', 'e-1', '', now),
      trial('t-f', 'e-2', 'f', long),
    ])
    await open.store.addProposals([
      proposal('p-1', { status: 'rejected' }),
      proposal('p-2', { status: 'accepted' }),
    ])
    await open.store.addVerdict(verdictOf('v-1', { experiment: 'e-1', proposals: ['p-1'] }))
    await open.store.addVerdict(verdictOf('v-2', { experiment: 'e-2', proposals: ['p-2'] }))
    const cases = [caseOf('case', { run: traceId('c') })]
    await open.store.addDataset({ name: 'd', origin: 'runs', cases })
    expect(await open.store.retain({ maxAgeSeconds: 50, force: true })).toMatchObject({
      traces: 2,
      keptAsEvidence: 1,
    })
    const left = (await Promise.all(['e-1', 'e-2'].map((one) => open.store.trials(one)))).flat()
    expect(left.map(({ id }) => id).sort()).toEqual(['t-b', 't-e', 't-f'])
    expect((await open.store.runs({ experiment: 'any' })).map((run) => run.traceId)).toEqual([
      traceId('b'),
    ])
    expect(await open.database.rows('SELECT trace_id FROM trial_trace ORDER BY ALL')).toEqual([
      { trace_id: traceId('b') },
      { trace_id: traceId('f') },
    ])
    // Cases stay when the runs that they are from go.
    expect((await open.store.dataset('d')).cases).toEqual(cases)
    // A trial that is written again is hidden again.
    await write('a', 1)
    await open.store.putTrials([trial('t-a', 'e-1', 'a', now)])
    expect(await ids()).toEqual([])
  })

  it('deletes versions of parameters that only deleted trials have used', async () => {
    await openNew()
    await write('a', 100)
    await open.store.putTrials([trialOf('t-a', { traceId: traceId('a') })])
    await open.store.retain({ maxAgeSeconds: 50, force: true })
    await expect(open.store.parameterHistory('prompt')).rejects.toMatchObject({
      code: 'T2_PARAMETER_UNKNOWN',
    })
    expect(await open.store.parameters()).toEqual([])
  })

  it('stores a text again that was deleted and comes again', async () => {
    await openNew()
    const long = 'the same text '.repeat(200)
    await write('a', 100, long)
    await open.store.retain({ maxAgeSeconds: 50, force: true })
    await write('b', 1, long)
    const { rows } = await open.store.sql("SELECT output FROM v_span WHERE op = 'agent'")
    expect(rows).toEqual([[JSON.stringify(long)]])
  })
})

describe('retention by age under a clock that has jumped', () => {
  const day = 86_400n * second
  /** Runs that came in over the last ten days, and a clock that is some days ahead. */
  async function aged(days: bigint) {
    await openNew()
    for (let n = 0; n < 10; n++) await write(`${n + 10}`, n * 86_400)
    const now = () => nowNs() + days * day
    return (policy: RetentionPolicy) => applyRetention(open.database, policy, () => {}, now)
  }
  const maxAgeSeconds = 20 * 86_400

  it('deletes nothing when more than half would go, whatever it is called for', async () => {
    const retain = await aged(90n)
    await open.store.addFeedback({ traceId: traceId('ff'), spanId: null, name: 'n', score: 1 })
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(retain({ maxAgeSeconds })).rejects.toMatchObject({
        code: 'T2_RETENTION_SHARE',
        message: expect.stringContaining('10 of 10 stored traces and 1 record'),
      })
    }
    expect(await ids()).toHaveLength(10)
    expect(await open.store.feedback()).toHaveLength(1)
    // The refusal is not a failure of the database.
    expect(open.engine.admin.failures.inARow).toBe(0)
  })

  it('deletes what is due up to the share, which can be set', async () => {
    const retain = await aged(15n)
    expect(await retain({ maxAgeSeconds })).toMatchObject({ traces: 5 })
    await expect(retain({ maxAgeSeconds: 18 * 86_400, maxShare: 0.3 })).rejects.toMatchObject({
      code: 'T2_RETENTION_SHARE',
    })
    expect(await retain({ maxAgeSeconds: 18 * 86_400, maxShare: 0.4 })).toMatchObject({ traces: 2 })
  })

  it('deletes records without a run no more readily', async () => {
    await openNew()
    await open.store.addFeedback({ traceId: traceId('ff'), spanId: null, name: 'n', score: 1 })
    const now = () => nowNs() + 90n * day
    const policy = { maxAgeSeconds }
    await expect(applyRetention(open.database, policy, () => {}, now)).rejects.toMatchObject({
      code: 'T2_RETENTION_SHARE',
    })
    expect(await open.store.feedback()).toHaveLength(1)
  })

  it('deletes all that is due with `force`', async () => {
    const retain = await aged(90n)
    expect(await retain({ maxAgeSeconds, force: true })).toMatchObject({ traces: 10 })
    expect(await ids()).toEqual([])
  })
})

describe('retention by size', () => {
  it('deletes the oldest until the data is small enough, and gives the room back', async () => {
    await openNew()
    const noise = (n: number) =>
      Array.from({ length: 40_000 }, (_, i) =>
        ((i * 7919 + n * 104_729) % 65_521).toString(36),
      ).join('')
    for (let n = 0; n < 60; n++) await write(`${n + 10}`, 1000 - n, noise(n))
    await open.database.checkpoint()
    const { bytes } = await open.store.retain({ maxBytes: Number.MAX_SAFE_INTEGER })
    const result = await open.store.retain({ maxBytes: bytes / 2 })
    expect(result.bytes).toBeLessThanOrEqual(bytes / 2)
    const kept = await ids()
    expect(kept.length).toBeGreaterThan(5)
    expect(kept.length + result.traces).toBe(60)
    expect(kept).toEqual(
      Array.from({ length: kept.length }, (_, i) => traceId(`${70 - kept.length + i}`)),
    )
  })
})

it('is applied on a timer', async () => {
  await openNew()
  await write('a', 100)
  const retaining = keepRetaining(open.store, { maxAgeSeconds: 50, maxShare: 1 }, 20)
  await expect.poll(ids).toEqual([])
  await write('b', 100)
  await expect.poll(ids).toEqual([])
  await retaining.stop()
})
