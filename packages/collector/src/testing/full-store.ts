import { graphHash, type Store } from '@trace2/store'
import type { AnyValue } from '@trace2/store/otlp'
import { logsOf, runIn, spellings } from '../../../store/src/testing/dialect-runs/index.ts'
import {
  caseOf,
  experimentOf,
  lookOf,
  trialOf,
  verdictOf,
} from '../../../store/src/testing/evaluations.ts'
import { span, traceId } from '../../../store/src/testing/spans.ts'

const long = 'A policy of many words. '.repeat(200)

/** Puts something of every kind into a store. */
export async function fillStore(store: Store): Promise<void> {
  for (const [index, spelling] of Object.values(spellings).entries()) {
    await store.writeSpans(runIn(spelling, `b${index}`))
  }
  // A run whose messages came as logs of its spans.
  const [spelling] = Object.values(spellings).filter((one) => one.events)
  if (spelling) {
    await store.writeSpans(runIn({ ...spelling, events: () => [] }, 'c1'))
    await store.writeLogs(
      logsOf(spelling).map((log, index) => ({
        ...log,
        body: recordedValue(log.body),
        traceId: traceId('c1'),
        timeNs: BigInt(index),
        attributes: new Map(),
      })),
    )
  }
  await store.writeSpans([oddSpan(), failedSpan()])
  await store.addFeedback({ traceId: traceId('b1'), spanId: null, name: 'csat', score: 4 })
  await store.addFeedback({
    ...{ traceId: traceId('e1'), spanId: null, name: 'tone', label: 'kind', comment: 'Zoë: 🙂\n' },
    ...{ source: 'model' as const, identifier: 'judge' },
  })
  await store.declareFeedback({ csat: { scale: [1, 5], direction: 'higher', weight: 2 } })
  await store.addParameterVersion({
    ...{ name: 'prompt', value: { text: long, big: 1e21, small: -0.5 }, trainable: true },
    ...{ description: 'What it says.', schema: null },
  })
  const [version] = await store.parameterHistory('prompt')
  await store.putLlmCall({
    ...{ id: 'call-1', key: 'k', purpose: 'optimize', model: 'm', request: { a: long } },
    ...{ response: { b: [1, null, 'x'] }, status: 'done', error: null, inputTokens: 3 },
    ...{ outputTokens: 4, costUsd: 0.1, startedAt: '2026-11-01T00:00:00.000Z', endedAt: null },
  })
  await store.addProposals([
    {
      ...{ id: 'p-00000001', step: 's', parameter: 'prompt', baseVersion: version?.version ?? '' },
      ...{ baseValue: version?.value ?? null, version: '0123456789abcdef', value: 'Be brief.' },
      ...{ optimizer: 'optoprime', model: 'm', runs: [traceId('b1')], feedback: [] },
      ...{ reasoning: 'shorter', llmCalls: ['call-1'], inputTokens: 3, outputTokens: 4 },
      ...{ costUsd: 0.1, status: 'open' as const, note: '', decidedAt: null },
      createdAt: '2026-11-02T00:00:00.000Z',
    },
  ])
  await store.decideProposal('p-00000001', { status: 'accepted', note: 'good' })
  await store.addDeployment({
    ...{ parameter: 'prompt', version: '0123456789abcdef', previousVersion: null },
    ...{ proposal: 'p-00000001', action: 'accept', target: 'trace2.parameters.json' },
  })
  await store.addDataset({ name: 'tickets', origin: 'runs', cases: [caseOf('c1'), caseOf('c2')] })
  await store.putExperiment(experimentOf('e-1'))
  await store.putTrials([trialOf('t-1'), trialOf('t-2', { repeat: 1 })])
  await store.addLooks('tickets', [lookOf('l-1')], 0)
  await store.addVerdict(verdictOf('v-1'))
}

/** A value of JSON as a log record has it. */
function recordedValue(value: unknown): AnyValue {
  if (Array.isArray(value)) return value.map(recordedValue)
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, of]) => [key, recordedValue(of)] as const))
  }
  const isPlain = typeof value === 'string' || typeof value === 'boolean'
  return isPlain || typeof value === 'number' ? value : null
}

/** A span that has every kind of value that attributes can have. */
function oddSpan() {
  return span({
    trace: 'd1',
    id: 'd1',
    name: 'odd "name" \u0007',
    resource: { 'host.ip': ['10.0.0.1'], long },
    attributes: {
      'input.value': long,
      'output.value': `{"a": "${'short text of the output'}"}`,
      long,
      integer: 9_007_199_254_740_993n,
      whole: 3,
      one: 1n,
      negative: -0,
      infinite: Number.NEGATIVE_INFINITY,
      bytes: new Uint8Array([0, 255]),
      list: [1n, 1.5, 'x', null, new Map([['doubleValue', 'NaN']])],
      map: new Map<string, string | bigint>([
        ['contentValue', 'no hash'],
        ['__proto__', 7n],
      ]),
      wrapped: new Map([['kvlistValue', new Map([['bytesValue', 'AA==']])]]),
      column: '{"columnValue": "input"}',
      empty: null,
    },
    events: [{ name: 'said', attributes: { text: long, at: 5n } }],
    links: [{ traceId: traceId('b1'), spanId: '0000000000000001', flags: 3, traceState: 'a=b' }],
  })
}

function failedSpan() {
  return span({ trace: 'e1', id: 'e1', error: 'It broke.', parent: 'f1' })
}

/** Everything that a store says, in a form that can be compared. */
export async function contentsOf(store: Store) {
  const runs = await store.runs({ limit: 0 })
  const graphs = new Map<string, string>()
  for (const { id } of runs) graphs.set(id, graphHash(await store.graph(id)))
  const named = await store.parameters()
  const histories = await Promise.all(named.map(({ name }) => store.parameterHistory(name)))
  const proposals = await store.proposals()
  const attributes = 'SELECT * EXCLUDE (attributes), attributes::VARCHAR FROM v_span ORDER BY ALL'
  return {
    runs,
    graphs: [...graphs],
    spans: await store.sql(attributes),
    contents: await store.sql('SELECT * FROM v_content ORDER BY hash'),
    uses: await store.sql('SELECT * FROM v_parameter_use ORDER BY ALL'),
    feedback: await store.feedback(),
    feedbackNames: await store.feedbackNames(),
    parameters: named,
    histories,
    proposals,
    deployments: await store.deployments(),
    calls: await store.llmCalls(proposals.flatMap(({ llmCalls }) => llmCalls)),
    datasets: await store.datasets(),
    cases: await Promise.all((await store.datasets()).map(({ name }) => store.dataset(name))),
    experiments: await store.experiments(),
    trials: await store.trials('e-1'),
    looks: await store.looks('tickets'),
    verdicts: await store.verdicts(),
  }
}
