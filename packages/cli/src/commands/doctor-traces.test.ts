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

/** A request of log records, as programs send them that have no spans. */
function logs(events: readonly { readonly name?: string; readonly body?: string }[]): string {
  const logRecords = events.map(({ name, body }) => ({
    timeUnixNano: '1790000000000000000',
    ...(body !== undefined && { body: { stringValue: body } }),
    attributes: name === undefined ? [] : attributesOf({ 'event.name': name }),
  }))
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
}

test('log records that are of no run are told, with how their program sends spans', async () => {
  const cwd = temporaryDirectory()
  const claude = { name: 'api_request', body: 'claude_code.api_request' }
  const events = [claude, claude, { name: 'codex.sse_event' }, { body: 'My card is 4111.' }]
  writeFileSync(join(cwd, 'logs.json'), logs(events))
  writeFileSync(join(cwd, 'more.json'), logs([{ name: 'gemini_cli.api_response' }, claude]))
  const args = ['doctor', '--traces', 'logs.json', 'more.json']
  const { code, out, err } = await command(args, { cwd, env: { COLUMNS: '80' } })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const text = out.replaceAll(/\s+/g, ' ')
  for (const said of [
    'EVENT RECORDS claude_code.api_request 3 ',
    '3 log records of Claude Code are of no run',
    'CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1',
    'GEMINI_TELEMETRY_TRACES_ENABLED=true',
    'trace_exporter',
  ]) {
    expect(text).toContain(said)
  }
  expect(out).not.toContain('4111')
  const json = await command([...args, '--json'], { cwd })
  expect(JSON.parse(json.out)).toMatchObject({
    spans: 0,
    ignoredEvents: [
      { name: 'claude_code.api_request', records: 3 },
      { name: '', records: 1 },
      { name: 'codex.sse_event', records: 1 },
      { name: 'gemini_cli.api_response', records: 1 },
    ],
    advice: [{ lack: 'spans' }, { lack: 'spans' }, { lack: 'spans' }],
  })
})

test('a file that is no OTLP is told with what it looks like', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'zipkin.json'), '[{"traceId":"a","id":"b","timestamp":1}]')
  const { code, out, err } = await command(['doctor', '--traces', 'zipkin.json'], { cwd })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('line 1: The body is not a JSON object; it looks like the JSON of Zipkin.')
  expect(err).toContain('error T2_NOTHING_IMPORTED')
})

test('names from strangers do nothing to a terminal, and are themselves in JSON', async () => {
  const cwd = temporaryDirectory()
  const evil = '\u001b[31mkey\u001b]8;;http://x\u0007'
  const attributes = {
    'gen_ai.operation.name': 'chat',
    [evil]: 'v',
    ['k'.repeat(5000)]: 'v',
    '': 'v',
  }
  writeFileSync(join(cwd, 'x.json'), request([{ scope: `s${evil}`, attributes }]))
  const { out } = await command(['doctor', '--traces', 'x.json'], { cwd })
  expect(out).not.toContain('\u001b')
  expect(out).not.toContain('\u0007')
  expect(out).toContain('\\u001b[31mkey')
  expect(out).toMatch(/^"" /m)
  expect(out.split('\n').filter((line) => displayWidth(line) > 200)).toEqual([])
  const json = await command(['doctor', '--traces', 'x.json', '--json'], { cwd })
  expect(json.out).not.toContain('\u001b')
  const { unread } = JSON.parse(json.out)
  expect(unread.keys.map(({ example }: { example: string }) => example)).toContain(evil)
})

test('the turns of Codex are said to have no content', async () => {
  const cwd = temporaryDirectory()
  const attributes = { 'codex.turn.token_usage.input_tokens': '5' }
  writeFileSync(join(cwd, 'x.json'), request([{ scope: 'codex', attributes }]))
  const { out } = await command(['doctor', '--traces', 'x.json'], { cwd })
  expect(out.replaceAll(/\s+/g, ' ')).toContain('The spans of Codex have usage and no content')
})
