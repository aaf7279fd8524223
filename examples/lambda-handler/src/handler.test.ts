import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Collector, startCollector } from '@trace2/collector'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { build } from 'esbuild'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { startFunction } from './testing/lambda.ts'

const bundles = fileURLToPath(new URL('../dist/bundled/', import.meta.url))
const compiled = fileURLToPath(new URL('../dist/handler.js', import.meta.url))
const bundled = join(bundles, 'handler.js')
const inOneFile = join(bundles, 'handler.cjs')

beforeAll(async () => {
  const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const options = { bundle: true, platform: 'node', outdir: bundles, entryNames: '[name]' } as const
  await build({
    ...options,
    entryPoints: [source('handler.ts'), source('testing/runtime.ts')],
    format: 'esm',
    packages: 'external',
  })
  await build({
    ...options,
    entryPoints: [source('handler.ts')],
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    minify: true,
  })
})

/** The function in a process of its own, a collector, and what has arrived there. */
async function deploy(handler: string, { flags = [] as string[], concurrency = 1 } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-lambda-'))
  const db = join(directory, 'runs.duckdb')
  let collector: Collector = await startCollector({ db, port: 0 })
  const { url } = collector
  const model = await startSimulatedModel()
  const lambda = await startFunction({
    runtime: join(bundles, 'runtime.js'),
    handler,
    flags,
    concurrency,
    env: {
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: model.url,
      TRACE2_MODEL: CHAT_MODEL,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
    },
  })
  onTestFinished(async () => {
    await lambda.close()
    await model.close()
    await collector.close()
    await rm(directory, { recursive: true, force: true })
  })
  return {
    invoke: lambda.invoke,
    /** Of each run that has arrived, how many spans it has. */
    spans: async () => (await collector.store.runs()).map((run) => run.spans).toReversed(),
    runs: () => collector.store.runs(),
    goAway: () => collector.close(),
    comeBack: async () => {
      collector = await startCollector({ db, port: Number(new URL(url).port) })
    },
  }
}

/** Of a run: the run itself, `read_mail`, `classify` and the call of the model. */
const whole = 4

test.each([
  ['as compiled', compiled, []],
  ['as bundled', bundled, []],
  ['in one minified file of CommonJS', inOneFile, []],
  ['evaluated anew each time', bundled, ['--reload']],
  ['where the answer waits for an empty event loop', bundled, ['--wait-for-empty-event-loop']],
])(
  '%s, each invocation has sent its run before the process is frozen',
  async (_, handler, flags) => {
    const { invoke, spans } = await deploy(handler, { flags })
    for (const count of [1, 2, 3]) {
      const { body } = await invoke({ mail: 'The lamp came broken.' })
      expect(body).toMatchObject({ category: 'complaint' })
      expect(await spans()).toEqual(Array.from({ length: count }, () => whole))
    }
  },
)

test('an invocation that throws fails, and its run has arrived with the error', async () => {
  const { invoke, runs } = await deploy(bundled)
  expect(await invoke({ mail: ' ' })).toEqual({
    failed: true,
    body: { errorType: 'TypeError', errorMessage: 'TypeError: The mail is empty.' },
  })
  expect(await runs()).toMatchObject([{ failed: true, spans: 2 }])
  expect((await invoke({ mail: 'I want to buy a lamp.' })).body).toMatchObject({
    category: 'order',
  })
  expect(await runs()).toMatchObject([{ failed: false, spans: whole }, { failed: true }])
})

test('invocations at the same time are runs of their own', async () => {
  const { invoke, runs } = await deploy(bundled, { concurrency: 4 })
  const mails = ['I want to buy it.', 'It is late.', 'Hello.', '']
  const outcomes = await Promise.all(mails.map((mail) => invoke({ mail })))
  expect(outcomes.map(({ body }) => body)).toMatchObject([
    { category: 'order' },
    { category: 'complaint' },
    { category: 'other' },
    { errorType: 'TypeError' },
  ])
  const arrived = await runs()
  expect(arrived.map((run) => run.spans).toSorted()).toEqual([2, whole, whole, whole])
  for (const { body } of outcomes.slice(0, 3)) {
    expect(arrived).toContainEqual(expect.objectContaining(Reflect.get(Object(body), 'run')))
  }
})

test('a collector that is away fails no invocation, and gets all when it is back', async () => {
  const { invoke, spans, goAway, comeBack } = await deploy(bundled)
  const mail = 'Where is my order?'
  await invoke({ mail })
  await goAway()
  expect(await invoke({ mail })).toMatchObject({ failed: false, body: { category: 'order' } })
  expect(await invoke({ mail })).toMatchObject({ failed: false, body: { category: 'order' } })
  await comeBack()
  await invoke({ mail })
  expect(await spans()).toEqual([whole, whole, whole, whole])
})
