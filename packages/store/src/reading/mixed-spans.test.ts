import { describe, expect, it } from 'vitest'
import type { AnyValue } from '../otlp/records.ts'
import { readSpan, type Values } from '../testing/read-span.ts'
import { span, spanId, traceId } from '../testing/spans.ts'
import { canonicalRows } from './canonical-span.ts'
import { concernsRun, rowsOfLogs } from './logs.ts'

const read = (values: Values, name = 'work') => readSpan(values, { name })

const question = 'Which gate does the ferry leave from?'
const answer = 'The ferry leaves from gate 4.'
const asked = [{ role: 'user', content: question }]

describe('the kind of a span that several conventions write on', () => {
  it.each<[string, Values, string | null]>([
    [
      'is what the span says, where the backend’s SDK says nothing',
      { 'langfuse.trace.name': 'ferries', 'gen_ai.operation.name': 'chat' },
      'llm',
    ],
    [
      'is a tool’s where Logfire has its name only',
      { 'logfire.msg': 'running', 'gen_ai.tool.name': 'timetable' },
      'tool',
    ],
    [
      'is a model’s where the provider and the model are all there is',
      { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'm' },
      'llm',
    ],
    ['is a model’s where there is only its usage', { 'gen_ai.usage.output_tokens': 4n }, 'llm'],
    [
      'is what the AI SDK says before the name of the function',
      { 'gen_ai.response.model': 'm', 'operation.name': 'ai.embedMany.doEmbed stops' },
      'embedding',
    ],
    [
      'is the backend’s own word before what others imply',
      { 'langfuse.observation.type': 'retriever', 'gen_ai.request.model': 'm' },
      'retriever',
    ],
    ['stays unknown where nothing says it', { 'langfuse.trace.name': 'ferries' }, null],
    [
      'is not taken from the name of another program’s operation',
      { 'operation.name': 'chat' },
      null,
    ],
  ])('%s', (_, values, kind) => {
    expect(read(values).opKind).toBe(kind)
  })

  it('is not taken from the span’s name where its conventions say it, or where it is another’s', () => {
    const kind = { 'openinference.span.kind': 'CHAIN' }
    expect(read(kind, 'claude_code.tool')).toMatchObject({
      dialect: 'openinference',
      opKind: 'chain',
    })
    expect(read({ 'mastra.x': 1n }, 'claude_code.tool').opKind).toBeNull()
  })

  it('is the span’s name where an SDK has names of its own', () => {
    const usage = { 'ai.usage.outputTokens': 3n }
    expect(read(usage, 'ai.streamText.doStream')).toMatchObject({ opKind: 'llm', op: 'chat' })
    expect(read({ 'codex.turn.effort': 'low' }, 'session_task.turn').opKind).toBe('turn')
    expect(read(usage, 'my.streamText').opKind).toBeNull()
  })
})

describe('what was asked and said', () => {
  it.each<[string, Values]>([
    [
      'as lists of OpenInference in one attribute each',
      {
        'llm.input_messages': asked,
        'llm.output_messages': [{ role: 'assistant', content: answer }],
      },
    ],
    [
      'as lists of OpenLLMetry in one attribute each',
      {
        'llm.request.type': 'chat',
        'gen_ai.prompt': asked,
        'gen_ai.completion': [{ role: 'assistant', content: answer }],
      },
    ],
    [
      'as the body of a request that Mastra sent',
      {
        'mastra.span.type': 'model_step',
        'mastra.model_step.input': { body: { model: 'm', messages: asked } },
        'mastra.model_step.output': { text: answer },
      },
    ],
    [
      'as the AI SDK of version 3 had it',
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.prompt.messages': asked,
        'ai.result.text': answer,
      },
    ],
    [
      'as a structured answer beside an empty text',
      {
        'ai.operationId': 'ai.generateObject.doGenerate',
        'ai.prompt.messages': asked,
        'ai.response.text': '',
        'ai.response.object': answer,
        'ai.response.providerMetadata': { openai: { cached: 12 } },
      },
    ],
    [
      'as the turn of a model that Flue writes',
      {
        'gen_ai.operation.name': 'chat',
        'flue.turn.input': { messages: asked },
        'flue.turn.output': { role: 'assistant', content: [{ type: 'text', text: answer }] },
      },
    ],
    [
      'as messages beside what a decorator was called with',
      {
        'traceloop.span.kind': 'llm',
        'traceloop.entity.input': { args: ['ferries'] },
        'gen_ai.input.messages': asked,
        'gen_ai.output.messages': [{ role: 'assistant', content: answer }],
      },
    ],
    [
      'by a program that has its own names',
      { 'gen_ai.request.model': 'm', input: question, output: answer },
    ],
  ])('is read %s', (_, values) => {
    expect(read(values)).toMatchObject({ opKind: 'llm', input: asked, output: answer })
  })

  it('is nothing where a response has but its metadata', () => {
    const { output } = read({ 'ai.response.providerMetadata': { x: 1 }, 'ai.model.id': 'm' })
    expect(output).toBeNull()
  })

  it('has the calls and answers of tools that are called so in camel case', () => {
    const call = { id: 'c1', name: 'timetable', arguments: { stop: 'pier' } }
    const { input, parameters } = read({
      'gen_ai.operation.name': 'chat',
      'flue.turn.input': {
        systemPrompt: 'You know ferries.',
        messages: [
          { role: 'assistant', content: [{ type: 'toolCall', ...call }] },
          { role: 'toolResult', toolCallId: 'c1', content: [{ type: 'text', text: 'gate 4' }] },
        ],
        tools: [{ name: 'timetable', description: 'Finds departures.' }],
      },
    })
    expect(input).toEqual([
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'gate 4' },
    ])
    expect(parameters).toEqual([
      [expect.any(String), 'You know ferries.'],
      ['tool.timetable.description', 'Finds departures.'],
    ])
  })

  it('keeps a system message that says something else than the instructions', () => {
    const messages = [{ role: 'system', content: 'Today is Friday.' }, ...asked]
    const { input, parameters } = read({
      'gen_ai.operation.name': 'chat',
      'gen_ai.system_instructions': 'You know ferries.',
      'gen_ai.input.messages': [{ role: 'system', content: ' You know ferries.' }, ...messages],
    })
    expect(input).toEqual(messages)
    expect(parameters).toEqual([[expect.any(String), 'You know ferries.']])
  })
})

describe('content that was moved into a log of another name', () => {
  const message = (role: string, content: string) =>
    new Map([
      ['role', role],
      ['content', content],
    ])
  const side = (...messages: AnyValue[]) => new Map([['messages', messages]])
  const log = (body: AnyValue) => ({
    ...{ timeNs: 1n, name: 'some.tracer', body, attributes: new Map() },
    ...{ traceId: traceId('a'), spanId: spanId('1') },
  })

  it('is the span’s', () => {
    const moved = log(
      new Map([
        ['input', side(message('system', 'You know ferries.'), message('user', question))],
        ['output', side(message('assistant', answer))],
      ]),
    )
    expect(concernsRun(moved)).toBe(true)
    const { notes } = rowsOfLogs([moved])
    const rows = canonicalRows(
      span({ id: '1', attributes: { 'gen_ai.operation.name': 'chat' } }),
      notes,
    )
    expect(rows.span).toMatchObject({ opKind: 'llm', output: { text: answer } })
    expect(rows.span.input?.text).toBe(JSON.stringify(asked))
    expect(rows.parameters).toMatchObject([{ value: '"You know ferries."' }])
  })

  it.each<[string, AnyValue]>([
    ['text', 'input messages'],
    ['an object without messages', new Map([['input', new Map([['messages', 'none']])]])],
    ['an object of other members', new Map([['order', side(message('user', question))]])],
  ])('is none in a log whose body is %s', (_, body) => {
    expect(concernsRun(log(body))).toBe(false)
    expect(rowsOfLogs([log(body)]).notes).toEqual([])
  })
})

it('a tool answers with what a function of Gemini said, under the id of its call', () => {
  const said = { id: 'adk-7', name: 'timetable', response: { gate: 4 } }
  const kind = { 'openinference.span.kind': 'TOOL' }
  expect(read({ ...kind, 'output.value': said })).toMatchObject({
    ...{ output: { gate: 4 }, callId: 'adk-7' },
  })
  const more = { ...said, status: 'late' }
  expect(read({ ...kind, 'output.value': more }).output).toEqual(more)
})

it('Claude Code’s spans are read by names that say nothing elsewhere', () => {
  const request = {
    ...{ 'span.type': 'llm_request', 'llm_request.context': 'interaction', 'session.id': 's' },
    ...{ model: 'm', input_tokens: 3n, output_tokens: 9n, cache_read_tokens: 20n },
  }
  expect(read(request)).toMatchObject({
    ...{ dialect: 'claude_code', opKind: 'llm', model: 'm', session: 's' },
    // What came from a cache is counted apart there.
    ...{ inputTokens: 23, outputTokens: 9 },
  })
  const tool = { tool_use_id: 'toolu_1', tool_name: 'Bash' }
  expect(read(tool, 'claude_code.tool')).toMatchObject({
    ...{ opKind: 'tool', op: 'Bash', callId: 'toolu_1' },
  })
  const turn = { user_prompt: question, user_prompt_length: 37n }
  expect(read(turn, 'claude_code.interaction')).toMatchObject({ opKind: 'agent', input: question })
  const foreign = { 'span.type': 'web', input_tokens: 3n, tool_name: 'Bash', user_prompt: 'x' }
  expect(read(foreign)).toMatchObject({
    ...{ dialect: 'otel', opKind: null, inputTokens: null, input: null, callId: null },
  })
})

it('counts tokens by OpenTelemetry’s numbers before LangWatch’s own', () => {
  const metrics = { prompt_tokens: 4, completion_tokens: 2 }
  expect(read({ 'langwatch.metrics': metrics })).toMatchObject({ inputTokens: 4, outputTokens: 2 })
  expect(read({ 'langwatch.metrics': metrics, 'gen_ai.usage.input_tokens': 8n }).inputTokens).toBe(
    8,
  )
})
