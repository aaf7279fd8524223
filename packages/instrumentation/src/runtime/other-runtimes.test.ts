import { AsyncLocalStorage } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { type BuildOptions, build } from 'esbuild'
import { describe, expect, test } from 'vitest'

/** What all runtimes have that are not Node. */
const web = {
  AbortController,
  Blob,
  clearTimeout,
  crypto,
  performance,
  queueMicrotask,
  setTimeout,
  structuredClone,
  TextDecoder,
  TextEncoder,
  URL,
}

const program = `
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { bundle, parameter, run, useTracerProvider } from '../index.ts'

const tone = parameter('tone', 'kind')
const first = bundle('first', (text, style) => text + style)
const second = bundle('second', (pairs) => new Map(pairs))
const agent = run('agent', async (text) => {
  const made = first(text, tone)
  await null
  return second([[made, new Date(0)]])
})
export async function main(provider, say) {
  diag.setLogger({ error: say, warn: say, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN)
  useTracerProvider(provider)
  const results = []
  for (const text of ['a', 'b']) results.push([...(await agent(text))])
  return JSON.stringify(results)
}
`

async function built(options: BuildOptions): Promise<string> {
  const { outputFiles, warnings } = await build({
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'program',
    logLevel: 'silent',
    ...options,
  })
  expect(warnings).toEqual([])
  return outputFiles?.[0]?.text ?? ''
}

async function runBuilt(options: BuildOptions, globals: object) {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url))
  const text = await built({ stdin: { contents: program, resolveDir }, ...options })
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const said: string[] = []
  const say = (line: string) => said.push(line)
  const context = createContext({ ...web, ...globals, provider, say })
  const results: unknown = await runInContext(`${text}; program.main(provider, say)`, context)
  const spans = exporter.getFinishedSpans()
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  return {
    results: JSON.parse(String(results)),
    said,
    spans: spans.map(({ name, attributes, parentSpanContext }) => ({
      name,
      input: attributes['input.value'],
      output: attributes['output.value'],
      within: names.get(parentSpanContext?.spanId ?? ''),
    })),
  }
}

const platforms: [string, BuildOptions][] = [
  ['browsers', { platform: 'browser' }],
  ['no platform', { platform: 'neutral' }],
  ['an edge runtime', { platform: 'neutral', conditions: ['edge-light', 'worker'] }],
]

const date = '1970-01-01T00:00:00.000Z'
const results = [[['akind', date]], [['bkind', date]]]

describe('built for', () => {
  test.each(platforms)(
    '%s, without a context across `await`: records calls until then, and says so once',
    async (_name, options) => {
      const recorded = await runBuilt(options, {})
      expect(recorded.results).toEqual(results)
      expect(recorded.said).toEqual([expect.stringMatching(/^T2_CONTEXT_RUNTIME: /)])
      expect(recorded.spans).toMatchObject([
        { name: 'first', input: '{"text":"a","style":"kind"}', output: 'akind', within: 'agent' },
        { name: 'second' },
        { name: 'agent' },
        { name: 'first', input: '{"text":"b","style":"kind"}', output: 'bkind', within: 'agent' },
        { name: 'second' },
        { name: 'agent' },
      ])
      expect(recorded.spans[1]?.within).toBeUndefined()
    },
  )

  test.each(platforms)('%s, with one: the same is recorded as in Node', async (_name, options) => {
    const recorded = await runBuilt(options, { AsyncLocalStorage })
    expect(recorded.results).toEqual(results)
    expect(recorded.said).toEqual([])
    const inNode = await runBuilt({ platform: 'node' }, { process })
    expect(recorded.spans).toEqual(inNode.spans)
    expect(recorded.spans).toMatchObject(
      ['first', 'second', undefined, 'first', 'second', undefined].map((name) =>
        name ? { name, within: 'agent' } : { name: 'agent' },
      ),
    )
  })
})

test.each(['browser', 'neutral'] as const)(
  'the package itself is built for %s with no option',
  async (platform) => {
    const entry = fileURLToPath(new URL('../index.ts', import.meta.url))
    const text = await built({ entryPoints: [entry], platform })
    const names: unknown = runInContext(
      `${text}; Object.keys(program).join()`,
      createContext({ ...web }),
    )
    const exported = Object.keys(await import('../index.ts'))
    expect(String(names).split(',').sort()).toEqual(exported.sort())
  },
)
