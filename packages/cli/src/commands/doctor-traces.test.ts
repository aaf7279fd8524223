import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { displayWidth } from '@trace2/render'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'

interface Sketch {
  readonly scope: string
  readonly attributes: Readonly<Record<string, string>>
}

/** An OTLP request as a collector's file exporter writes it: a span of each scope, in a trace of its own. */
function request(sketches: readonly Sketch[]): string {
  const resource = {
    attributes: attributesOf({ 'service.name': 'shop', 'telemetry.sdk.name': 'otel' }),
  }
  const scopeSpans = sketches.map(({ scope, attributes }, index) => ({
    scope: { name: scope, version: '1.2' },
    spans: [
      {
        traceId: String(index + 1).padStart(32, '0'),
        spanId: String(index + 1).padStart(16, '0'),
        name: 'call',
        startTimeUnixNano: '1790000000000000000',
        endTimeUnixNano: '1790000000000000001',
        attributes: attributesOf(attributes),
      },
    ],
  }))
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] })
}

function attributesOf(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

const three = request([
  {
    scope: 'opentelemetry.instrumentation.google_genai',
    attributes: { 'gen_ai.operation.name': 'generate_content', 'gen_ai.provider.name': 'g' },
  },
  {
    scope: 'ai',
    attributes: { 'ai.operationId': 'ai.generateText.doGenerate', 'ai.unheard.of': 'hush-hush' },
  },
  {
    scope: 'openinference.instrumentation.openai',
    attributes: { 'openinference.span.kind': 'LLM', 'input.value': 'Hello', 'output.value': 'Hi.' },
  },
])

test('a file is looked at without a database, on 80 columns', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'traces.json'), three)
  const env = { COLUMNS: '80' }
  const { code, out, err } = await command(['doctor', '--traces', 'traces.json'], { cwd, env })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([])
  const text = out.replaceAll(/\s+/g, ' ')
  for (const said of [
    'shop ai 1.2 otel 1',
    'vercel_ai 1 1 0 0 0',
    'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT',
    'recordInputs and recordOutputs',
    'openinference.instrumentation.openai (openinference): No model call has a prompt',
    'ai.unheard.of vercel_ai 1',
  ]) {
    expect(text).toContain(said)
  }
  expect(out).not.toContain('hush-hush')
})

test('a database is looked at, as JSON', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'traces.json'), three)
  await command(['import', 'traces.json', '--db', 'x.duckdb'], { cwd })
  const { out } = await command(['doctor', '--traces', '--db', 'x.duckdb', '--json'], { cwd })
  expect(JSON.parse(out)).toMatchObject({
    spans: 3,
    senders: [{ service: 'shop', sdk: 'otel' }, {}, {}],
    modelCalls: [{ calls: 1 }, { calls: 1 }, { calls: 1 }],
    unread: { keys: [{ key: 'ai.unheard.of', dialect: 'vercel_ai', spans: 1 }] },
  })
})

test('what cannot be read of a file is told', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'traces.jsonl'), `${three}\n{"resourceSpans": 1x}\n`)
  const { code, out, err } = await command(['doctor', '--traces', 'traces.jsonl'], { cwd })
  expect(code).toBe(0)
  expect(out).toContain('vercel_ai')
  expect(err).toContain('Not everything was read of traces.jsonl')
})

test.each([[['doctor', 'traces.json']], [['doctor', '--traces', '--salvage', 'new.duckdb']]])(
  '%j asks for what there is not',
  async (args) => {
    const { code, err } = await command(args, { cwd: temporaryDirectory() })
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--traces') })
  },
)

test('a store without spans is said to have none', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'none.json'), '{"resourceSpans":[]}')
  const { code, out, err } = await command(['doctor', '--traces', 'none.json'], { cwd })
  expect({ code, out, err }).toEqual({
    code: 0,
    out: '',
    err: 'There are no spans in none.json.\n',
  })
})
