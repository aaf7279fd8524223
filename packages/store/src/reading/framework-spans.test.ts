import { describe, expect, it } from 'vitest'
import type { SpanEvent } from '../otlp/records.ts'
import { readSpan, type Values } from '../testing/read-span.ts'

const read = (values: Values, events: readonly Partial<SpanEvent>[] = [], name = 'call') =>
  readSpan(values, { events, name })

const rule = 'You file parcels. Ask the depot.'
const question = 'Where is parcel P-77?'
const answer = 'Parcel P-77 is in the depot of Lyon.'
const prompt = [['prompt.you-file-parcels-ask-the', rule]]
const call = { id: 'call_77aa', name: 'find_parcel', arguments: { parcel: 'P-77' } }
const found = { parcel: 'P-77', place: 'Lyon' }
const packed = (kind: string, kwargs: object) => ({
  ...{ lc: 1, type: 'constructor', id: ['langchain_core', 'messages', kind] },
  kwargs,
})

describe('messages of a model call', () => {
  const asked = [{ role: 'user', content: question }]
  it.each<[string, Values]>([
    [
      'constructors of LangChain, in lists of lists',
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.prompt': {
          messages: [
            [
              packed('SystemMessage', { content: rule }),
              packed('HumanMessage', { content: [{ type: 'text', text: question }] }),
            ],
          ],
        },
        'gen_ai.completion': {
          generations: [[{ text: answer, message: packed('AIMessage', { content: answer }) }]],
        },
      },
    ],
    [
      'messages of LangChain with their type',
      {
        'openinference.span.kind': 'LLM',
        'input.value': [
          { type: 'system', content: rule },
          { type: 'human', data: { content: question } },
        ],
        'output.value': { type: 'ai', content: answer },
      },
    ],
    [
      'a request of Gemini with its instructions',
      {
        'gen_ai.operation.name': 'generate_content',
        'gen_ai.input.messages': {
          config: { system_instruction: { parts: [{ text: rule }] } },
          contents: [{ role: 'user', parts: [{ text: question }] }],
        },
        'gen_ai.output.messages': {
          candidates: [{ content: { role: 'model', parts: [{ text: answer }] } }],
        },
      },
    ],
    [
      'the same in camel case',
      {
        'gcp.vertex.agent.llm_request': {
          systemInstruction: rule,
          contents: [{ role: 'user', parts: [{ text: question }] }],
        },
        'gcp.vertex.agent.llm_response': { content: { role: 'model', parts: [{ text: answer }] } },
      },
    ],
    [
      'parts of Bedrock without a type',
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages': [
          { role: 'system', content: [{ text: rule }] },
          { role: 'user', content: [{ text: question }] },
        ],
        'gen_ai.output.messages': [{ role: 'assistant', content: [{ text: answer }] }],
      },
    ],
    [
      'values that say what they are',
      {
        'langwatch.span.type': 'llm',
        'langwatch.input': {
          type: 'chat_messages',
          value: [
            { role: 'system', content: rule },
            { role: 'user', content: question },
          ],
        },
        'langwatch.output': {
          type: 'chat_messages',
          value: [{ role: 'assistant', content: answer }],
        },
      },
    ],
    [
      'an operation that nobody knows',
      {
        'gen_ai.operation.name': 'my_llm_call',
        'gen_ai.system_instructions': JSON.stringify(rule),
        'gen_ai.input.messages': [{ role: 'user', parts: [{ text: question }] }],
        'gen_ai.output.messages': { parts: [{ text: answer }] },
      },
    ],
    [
      'a value beside messages that lost their content',
      {
        'openinference.span.kind': 'LLM',
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.1.message.role': 'user',
        'llm.input_messages.1.message.content': question,
        'input.value': {
          messages: [
            [
              packed('SystemMessage', { content: rule }),
              packed('HumanMessage', { content: question }),
            ],
          ],
        },
        'llm.output_messages.0.message.content': answer,
      },
    ],
  ])('are read from %s', (_, values) => {
    expect(read(values)).toMatchObject({
      ...{ opKind: 'llm', op: 'chat', input: asked, output: answer, parameters: prompt },
    })
  })

  it('are read from events whose content is a list of parts', () => {
    const event = (name: string, key: string, value: string): Partial<SpanEvent> => ({
      name,
      attributes: new Map([[key, JSON.stringify([{ text: value }])]]),
    })
    const events = [
      event('gen_ai.system.message', 'content', rule),
      event('gen_ai.user.message', 'content', question),
      event('gen_ai.choice', 'message', answer),
    ]
    expect(read({ 'gen_ai.operation.name': 'chat' }, events)).toMatchObject({
      ...{ input: asked, output: answer, parameters: prompt },
    })
  })

  it('are none where events have no content', () => {
    const event = (name: string, message?: string): Partial<SpanEvent> => ({
      name,
      attributes: new Map([
        ['gen_ai.system', 'openai'],
        ...(message === undefined ? [] : [['message', message] as const]),
      ]),
    })
    const events = [
      event('gen_ai.system.message'),
      event('gen_ai.user.message'),
      event('gen_ai.choice', '{"role":"assistant"}'),
    ]
    expect(read({ 'gen_ai.operation.name': 'chat' }, events)).toMatchObject({
      ...{ opKind: 'llm', input: null, output: null, parameters: [] },
    })
  })

  it('end, in a list without a choice, where the model speaks last', () => {
    const asked = { role: 'user', content: question }
    const called = {
      role: 'assistant',
      tool_calls: [
        { id: call.id, function: { name: call.name, arguments: JSON.stringify(call.arguments) } },
      ],
    }
    const heard = { role: 'tool', id: call.id, content: JSON.stringify(found) }
    const events = [
      { role: 'system', content: rule },
      asked,
      called,
      heard,
      { role: 'assistant', content: answer },
    ]
    const chat = { 'logfire.span_type': 'span', 'gen_ai.operation.name': 'chat' }
    expect(read({ ...chat, events })).toMatchObject({
      input: [
        asked,
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: call.id, content: found },
      ],
      ...{ output: answer, parameters: prompt },
    })
    expect(read({ ...chat, events: events.slice(0, 3) })).toMatchObject({
      ...{ input: [asked], output: { role: 'assistant', tool_calls: [call] } },
    })
  })

  it('have a call of a function that stands alone, and no part that says only what it is', () => {
    const said = (message: object) => {
      const messages = [{ role: 'user', content: question }]
      const values = { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': messages }
      return read({ ...values, 'gen_ai.output.messages': [message] }).output
    }
    const function_call = { name: call.name, arguments: JSON.stringify(call.arguments) }
    const { id: _, ...bare } = call
    expect(said({ role: 'assistant', function_call })).toEqual({
      ...{ role: 'assistant', tool_calls: [bare] },
    })
    const tool_calls = [{ id: call.id, function: function_call }]
    const content = [{ type: 'text', text: 'I look.' }, { type: 'tool_use' }]
    expect(said({ role: 'assistant', content, tool_calls })).toEqual({
      ...{ role: 'assistant', content: 'I look.', tool_calls: [call] },
    })
  })

  it('have the calls of tools and what was answered, in whatever shape', () => {
    const openai = { id: call.id, function: { name: call.name, arguments: '{"parcel": "P-77"}' } }
    const forms = [
      [
        { role: 'assistant', tool_calls: [openai] },
        { role: 'tool', tool_call_id: call.id, content: "{'parcel': 'P-77', 'place': 'Lyon'}" },
      ],
      [
        packed('AIMessage', {
          content: '',
          tool_calls: [],
          additional_kwargs: { tool_calls: [openai] },
        }),
        packed('ToolMessage', { content: JSON.stringify(found), tool_call_id: call.id }),
      ],
      [
        {
          role: 'model',
          parts: [{ functionCall: { id: call.id, name: call.name, args: call.arguments } }],
        },
        { role: 'user', parts: [{ functionResponse: { id: call.id, response: found } }] },
      ],
      [
        {
          role: 'assistant',
          content: [{ toolUse: { toolUseId: call.id, name: call.name, input: call.arguments } }],
        },
        {
          role: 'user',
          content: [{ toolResult: { toolUseId: call.id, content: [{ json: found }] } }],
        },
      ],
    ]
    for (const messages of forms) {
      const { input } = read({
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages': messages,
      })
      expect(input).toEqual([
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: call.id, content: found },
      ])
    }
  })
})

describe('the span of a tool', () => {
  const tool = { 'openinference.span.kind': 'TOOL', 'tool.name': call.name }

  it.each<[string, unknown]>([
    ['the arguments', call.arguments],
    ['a literal of Python', "{'parcel': 'P-77'}"],
    ['JSON in JSON', JSON.stringify(JSON.stringify(call.arguments))],
    ['a call with flags', { args: [], sanitize_inputs_outputs: true, kwargs: call.arguments }],
    ['keywords alone', { kwargs: call.arguments }],
    ['a callback of LangChain', { inputs: call.arguments, input_str: "{'parcel': 'P-77'}" }],
  ])('is called with %s', (_, value) => {
    expect(read({ ...tool, 'input.value': value }).input).toEqual(call.arguments)
  })

  it.each<[string, unknown, string | null]>([
    ['a value', found, null],
    ['a literal of Python', "{'parcel': 'P-77', 'place': 'Lyon'}", null],
    [
      'a message with its type',
      { type: 'tool', data: { content: JSON.stringify(found), tool_call_id: call.id } },
      call.id,
    ],
    [
      'a constructed message',
      {
        output: packed('ToolMessage', { content: JSON.stringify(found), tool_call_id: call.id }),
      },
      call.id,
    ],
    [
      'a printed message',
      `content='${JSON.stringify(found)}' name='find_parcel' tool_call_id='${call.id}'`,
      call.id,
    ],
    [
      'the content of MCP',
      { content: [{ type: 'text', text: JSON.stringify(found) }], isError: false },
      null,
    ],
  ])('answers with %s', (_, value, callId) => {
    expect(read({ ...tool, 'output.value': value })).toMatchObject({ output: found, callId })
  })

  it('is described to a model in the form of Bedrock too', () => {
    const toolSpec = { name: call.name, description: 'Finds a parcel.', inputSchema: { json: {} } }
    const { parameters } = read({
      ...{ 'openinference.span.kind': 'LLM', 'llm.tools.0.tool.json_schema': { toolSpec } },
    })
    expect(parameters).toEqual([['tool.find_parcel.description', 'Finds a parcel.']])
  })

  it('describes it without the schema that CrewAI has in the same text', () => {
    const written = `Tool Name: find_parcel\nTool Arguments: {\n  "type": "object"\n}\nTool Description: Finds a parcel.`
    const { parameters } = read({ ...tool, 'tool.description': written })
    expect(parameters).toEqual([['tool.find_parcel.description', 'Finds a parcel.']])
  })

  it('is known by its operation where its kind is a task, and named by its message where only a class is', () => {
    const message = packed('ToolMessage', {
      ...{ content: JSON.stringify(found), name: 'find_parcel', tool_call_id: 'call_77aa' },
      status: 'success',
    })
    expect(
      read({
        'gen_ai.operation.name': 'execute_tool',
        'traceloop.span.kind': 'task',
        'traceloop.entity.name': 'DynamicStructuredTool',
        'traceloop.entity.input': { args: [JSON.stringify({ parcel: 'P-77' })] },
        'traceloop.entity.output': message,
      }),
    ).toMatchObject({
      ...{ opKind: 'tool', op: 'find_parcel', callId: 'call_77aa' },
      input: { parcel: 'P-77' },
      output: found,
    })
  })

  it('describes its tool where nothing else does', () => {
    const { parameters } = read({ ...tool, 'tool.description': 'Finds a parcel.' })
    expect(parameters).toEqual([['tool.find_parcel.description', 'Finds a parcel.']])
  })
})

describe('an agent', () => {
  it('was asked what its user said, where the messages are only the system’s', () => {
    const canonical = read({
      'openinference.span.kind': 'AGENT',
      'agent.name': 'parcels',
      'llm.input_messages.0.message.role': 'system',
      'llm.input_messages.0.message.content': rule,
      'input.value': { system: rule, prompt: question },
      'output.value': answer,
    })
    expect(canonical).toMatchObject({ op: 'parcels', input: question, output: answer })
    expect(canonical.parameters).toEqual([['parcels.system', rule]])
  })

  it('was asked what came last, where its messages begin with earlier turns', () => {
    const turn = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] })
    const messages = [
      ...[turn('user', 'Hello!'), turn('assistant', 'Good day.'), turn('user', question)],
      { role: 'user', parts: [{ type: 'tool_call_response', id: call.id, result: found }] },
      turn('assistant', answer),
    ]
    const { input } = read({
      ...{ 'gen_ai.operation.name': 'invoke_agent', 'pydantic_ai.all_messages': messages },
      final_result: answer,
    })
    expect(input).toEqual([
      { role: 'user', content: 'Hello!' },
      { role: 'assistant', content: 'Good day.' },
      { role: 'user', content: question },
    ])
  })

  it('answered what its model said last', () => {
    const messages = [
      { role: 'user', content: question },
      { role: 'assistant', tool_calls: [{ id: call.id, function: call }] },
      { role: 'assistant', content: answer },
    ]
    const { output } = read({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.output.messages': messages,
    })
    expect(output).toBe(answer)
  })

  it('that is created, and a piece of a stream, are no steps of a run', () => {
    expect(read({ 'gen_ai.operation.name': 'create_agent' }).kind).toBe('aside')
    expect(read({ 'mastra.span.type': 'model_chunk' }).kind).toBe('aside')
    expect(read({ 'gen_ai.operation.name': 'invoke_agent' }).kind).toBe('op')
  })
})

it('a session or a user that the sender has scrubbed is none', () => {
  const { session, user } = read({
    ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': "[Scrubbed due to 'session']" },
    'user.id': 'ann',
  })
  expect([session, user]).toEqual([null, 'ann'])
})

it('a subagent of VoltAgent has its own name, its memory is only read, and tokens from a cache count', () => {
  const { cacheReadTokens, op } = read({
    ...{ 'entity.type': 'agent', 'entity.name': 'triage', 'subagent.name': 'orders' },
    ...{ 'span.type': 'agent', 'agent.messages': question },
  })
  expect([op, cacheReadTokens]).toEqual(['orders', null])
  const memory = { 'entity.type': 'agent', 'span.type': 'memory' }
  expect(read({ ...memory, 'memory.operation': 'write_steps' }).kind).toBe('aside')
  expect(read({ ...memory, 'memory.operation': 'read' })).toMatchObject({
    opKind: 'memory',
    kind: 'op',
  })
  const counted = read({
    ...{ 'entity.type': 'agent', 'span.type': 'llm', 'llm.messages': question },
    ...{ 'llm.usage.prompt_tokens': 9, 'llm.usage.cached_tokens': 4 },
  })
  expect([counted.inputTokens, counted.cacheReadTokens]).toEqual([9, 4])
})

it('a template of a prompt that LangSmith calls a chat is no model call', () => {
  const kind = { 'gen_ai.operation.name': 'chat', 'langsmith.span.kind': 'prompt' }
  expect(read({ ...kind, 'gen_ai.prompt': { facts: answer } }).opKind).toBe('prompt')
})

it('a prompt is not called after an id that is new with each call', () => {
  const id = '0b1c2d3e-0000-4000-8000-000000000000'
  for (const name of [`${id}########0`, id, 'turn########12']) {
    const { parameters } = read({
      ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.prompt.name': name },
      ...{ 'gen_ai.agent.name': 'parcels', 'gen_ai.system_instructions': rule },
      'gen_ai.input.messages': [{ role: 'user', content: question }],
    })
    expect(parameters).toEqual([['parcels.system', rule]])
  }
})

it.each([
  ['Crew_0b1c2d3e-0000-4000-8000-000000000000.kickoff', 'Crew.kickoff'],
  ['Step 3', 'Step'],
  ['task #12', 'task'],
  ['node[4]', 'node'],
  ['agent_run [order_agent]', 'agent_run [order_agent]'],
  ['gpt-4', 'gpt-4'],
  ['parse_v2', 'parse_v2'],
  [`${' '.repeat(300)}x 3`, `${' '.repeat(300)}x 3`],
  ['0b1c2d3e-0000-4000-8000-000000000000', '0b1c2d3e-0000-4000-8000-000000000000'],
])('an operator whose span is called %s is called %s', (name, expected) => {
  expect(read({ 'openinference.span.kind': 'CHAIN' }, [], name).op).toBe(expected)
})
