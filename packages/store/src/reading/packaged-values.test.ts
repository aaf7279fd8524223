import { describe, expect, it } from 'vitest'
import { readSpan, type Values } from '../testing/read-span.ts'

/** What is read of a span; of the parameters only the values. */
function read(values: Values, name = 'call') {
  const { parameters, ...rest } = readSpan(values, { name })
  return { ...rest, parameters: parameters.map(([, value]): unknown => value) }
}

const rule = 'You file parcels. Ask the depot.'
const question = 'Where is parcel P-77?'
const answer = 'Parcel P-77 is in the depot of Lyon.'
const call = { id: 'call_77aa', name: 'find_parcel', arguments: { parcel: 'P-77' } }
const found = { parcel: 'P-77', place: 'Lyon' }

describe('a step that is no model call', () => {
  const chain = { 'openinference.span.kind': 'CHAIN' }
  const human = { type: 'human', data: { content: question } }
  const ai = { type: 'ai', content: answer }
  const calling = {
    type: 'ai',
    content: '',
    tool_calls: [{ id: call.id, name: call.name, args: call.arguments }],
  }

  it.each<[string, unknown, unknown]>([
    ['the state of a graph', { messages: [human] }, { messages: [human, calling, ai] }],
    ['messages alone', [human], [ai]],
    [
      'a callback',
      { inputs: { messages: [human] }, tags: [], metadata: { a: 'b' }, kwargs: { name: 'x' } },
      { outputs: { messages: [human, ai] }, kwargs: { tags: [] } },
    ],
    [
      'a command in a list',
      { input: question },
      { output: [{ graph: null, update: { messages: [ai] }, resume: null, goto: [] }] },
    ],
    [
      'a command by its class',
      question,
      { lg_name: 'Command', update: { messages: [ai] }, goto: [] },
    ],
    [
      'a command that Python has printed',
      question,
      `Command(update={'messages': [AIMessage(content='${answer}')]})`,
    ],
    [
      'a request with its settings, and a response',
      { model: 'm', messages: [human], tools: ['x'], config: { temperature: 1 } },
      { message: { role: 'model', content: [{ text: answer }] }, finishReason: 'stop', usage: {} },
    ],
    [
      'a result beside empty forms of it',
      question,
      { raw: answer, pydantic: null, json_dict: null },
    ],
    [
      'a conversation with its last message',
      {
        messages: [
          `ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text='${question}')])`,
        ],
      },
      {
        messages: [human],
        usage: { tokens: 5 },
        last_message: `ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[TextContent(text='${answer}')])`,
      },
    ],
  ])('was asked and answered what %s says', (_, input, output) => {
    expect(read({ ...chain, 'input.value': input, 'output.value': output })).toMatchObject({
      ...{ opKind: 'chain', input: question, output: answer },
    })
  })

  it('keeps what a state has beside its messages', () => {
    const state = { messages: [human], plan: 'Ask the depot first.' }
    expect(read({ ...chain, 'input.value': state }).input).toEqual({
      messages: [{ role: 'user', content: question }],
      plan: state.plan,
    })
  })

  it('gave the members of a prediction that Python has printed', () => {
    const printed = `Prediction(\n    reasoning='I asked.',\n    place='Lyon'\n)`
    const { output } = read({ ...chain, 'output.value': printed })
    expect(output).toEqual({ reasoning: 'I asked.', place: 'Lyon' })
  })

  it('gave nothing where an instrumentation has cut what Python printed', () => {
    const printed =
      "StopEvent(result=AgentOutput(response=ChatMessage(role='assistant', text='It is..."
    expect(read({ ...chain, 'output.value': printed }).output).toBeNull()
    const counted = "AgentSetup(input=[4 items], current_agent_name='support')"
    expect(read({ ...chain, 'output.value': counted }).output).toBeNull()
    const said = 'I looked (twice) and found it...'
    expect(read({ ...chain, 'output.value': said }).output).toBe(said)
  })

  it('gave the result with which a workflow of LlamaIndex.TS stops', () => {
    const state = { memory: { messages: [human] }, agents: ['support'] }
    const stop = {
      type: 'llamaindex-stop',
      data: { message: { role: 'assistant' }, result: answer, state },
    }
    expect(read({ ...chain, 'output.value': stop }).output).toBe(answer)
  })

  it('gave the value that LangWatch has its type beside', () => {
    const text = {
      'langwatch.span.type': 'span',
      'langwatch.output': { type: 'text', value: answer },
    }
    expect(read(text).output).toBe(answer)
    const form = { type: 'json', value: { place: 'Lyon' }, more: 1 }
    expect(read({ ...chain, 'output.value': form }).output).toEqual(form)
  })

  it('has its value whole, and not the messages picked out of it', () => {
    const picked = { 'llm.input_messages.0.message.role': 'user' }
    const { input } = read({ ...chain, ...picked, 'input.value': { messages: [human] } })
    expect(input).toBe(question)
  })

  it('is none where a call gives a request, whatever kind it says', () => {
    const prepared = { messages: [{ role: 'user', content: question }], tools: [{ name: 'x' }] }
    const kind = { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm' }
    expect(read({ ...kind, 'output.value': prepared }).kind).toBe('aside')
    expect(read({ ...kind, 'output.value': answer }).opKind).toBe('llm')
  })

  it('is a turn of the loop of an agent', () => {
    expect(read({ 'gen_ai.operation.name': 'execute_event_loop_cycle' }).opKind).toBe('chain')
  })
})

describe('messages that Python has printed', () => {
  it.each<[string, readonly string[]]>([
    [
      'by LlamaIndex',
      [
        `ChatMessage(role=<MessageRole.SYSTEM: 'system'>, additional_kwargs={}, blocks=[TextBlock(block_type='text', text='${rule}')])`,
        `ChatMessage(role=<MessageRole.USER: 'user'>, additional_kwargs={}, blocks=[TextBlock(block_type='text', text='${question}')])`,
        `ChatMessage(role=<MessageRole.ASSISTANT: 'assistant'>, additional_kwargs={'tool_calls': [Call(id='${call.id}', function=F(arguments='{"parcel": "P-77"}', name='find_parcel'))]}, blocks=[])`,
        `ChatMessage(role=<MessageRole.TOOL: 'tool'>, additional_kwargs={'tool_call_id': '${call.id}'}, blocks=[TextBlock(block_type='text', text="{'parcel': 'P-77', 'place': 'Lyon'}")])`,
      ],
    ],
    [
      'by Haystack',
      [
        `ChatMessage(_role=<ChatRole.SYSTEM: 'system'>, _content=[TextContent(text='${rule}')], _name=None, _meta={})`,
        `ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text='${question}')], _name=None, _meta={})`,
        `ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[ToolCall(tool_name='find_parcel', arguments={'parcel': 'P-77'}, id='${call.id}', extra=None)], _name=None, _meta={})`,
        `ChatMessage(_role=<ChatRole.TOOL: 'tool'>, _content=[ToolCallResult(result='{"parcel": "P-77", "place": "Lyon"}', origin=ToolCall(tool_name='find_parcel', arguments={'parcel': 'P-77'}, id='${call.id}'), error=False)], _name=None, _meta={})`,
      ],
    ],
    [
      'by LangChain',
      [
        `SystemMessage(content='${rule}', additional_kwargs={})`,
        `HumanMessage(content='${question}', additional_kwargs={})`,
        `AIMessage(content='', tool_calls=[{'name': 'find_parcel', 'args': {'parcel': 'P-77'}, 'id': '${call.id}'}])`,
        `ToolMessage(content='{"parcel": "P-77", "place": "Lyon"}', tool_call_id='${call.id}')`,
      ],
    ],
  ])('are read %s', (_, messages) => {
    const canonical = read({ 'openinference.span.kind': 'LLM', 'input.value': { messages } })
    expect(canonical.parameters).toEqual([rule])
    expect(canonical.input).toMatchObject([
      { role: 'user', content: question },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: found },
    ])
  })

  it('have the ids of calls that messages beside them have lost', () => {
    const lost = 'llm.output_messages.0.message.tool_calls.0.tool_call.function'
    const { output } = read({
      'openinference.span.kind': 'LLM',
      [`${lost}.name`]: call.name,
      [`${lost}.arguments`]: '{"parcel": "P-77"}',
      'output.value': {
        replies: [
          `ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[ToolCall(tool_name='find_parcel', arguments={'parcel': 'P-77'}, id='${call.id}')])`,
        ],
      },
    })
    expect(output).toMatchObject({ tool_calls: [call] })
  })

  it('are no messages where a text only looks like a call', () => {
    const said = "order(id='P-77')"
    const { input } = read({ 'openinference.span.kind': 'LLM', 'input.value': said })
    expect(input).toEqual([{ role: 'user', content: said }])
  })
})

describe('the span of a tool', () => {
  const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': call.name }

  it('has its arguments and its answer in messages', () => {
    const asked = [{ role: 'tool', parts: [{ type: 'tool_call', ...call }] }]
    const part = { type: 'tool_call_response', id: call.id }
    const response = [{ text: JSON.stringify(found) }]
    const said = [{ role: 'tool', parts: [{ ...part, response }] }]
    expect(
      read({ ...tool, 'gen_ai.input.messages': asked, 'gen_ai.output.messages': said }),
    ).toMatchObject({ input: call.arguments, output: found, callId: call.id })
  })

  it('has what its function returned beside the parts of it', () => {
    const blocks = [{ text: "{'parcel': 'P-77'}" }]
    const output = { blocks, tool_name: call.name, raw_output: found, is_error: false }
    expect(read({ ...tool, 'gen_ai.tool.call.result': output }).output).toEqual(found)
  })

  it('is none where it stands for several', () => {
    expect(read({ ...tool, 'gen_ai.tool.name': '(merged tools)' }).kind).toBe('aside')
  })

  it('is called after the tool and not after the method that runs it', () => {
    const kind = { 'openinference.span.kind': 'TOOL' }
    expect(read(kind, 'find_parcel.__call__').op).toBe('find_parcel')
    expect(read({ 'openinference.span.kind': 'AGENT' }, 'Clerk._execute_core').op).toBe('Clerk')
    expect(read({ 'openinference.span.kind': 'CHAIN' }, 'Crew.kickoff').op).toBe('Crew.kickoff')
  })
})

it('an agent was asked the one text among the arguments of its function', () => {
  const agent = { 'openinference.span.kind': 'AGENT' }
  const task = { task: question, stream: false, images: null, max_steps: 4 }
  expect(read({ ...agent, 'input.value': task }).input).toBe(question)
  const two = { task: question, tone: 'polite' }
  expect(read({ ...agent, 'input.value': two }).input).toEqual(two)
})

it('instructions that a conversation repeats are one prompt', () => {
  const { parameters } = read({
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': [
      { role: 'system', content: rule },
      { role: 'user', content: question },
      { role: 'system', content: rule },
    ],
  })
  expect(parameters).toEqual([rule])
})

it('keeps ids that a number cannot hold as their digits, in every notation', () => {
  const id = '1790000000000000001'
  const other = '1790000000000000002'
  const asked = readSpan({
    'gen_ai.operation.name': 'chat',
    'gen_ai.output.messages': `[{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"get","arguments":{"id":${id}}}]}]`,
  })
  expect(asked.output).toMatchObject({ tool_calls: [{ arguments: { id } }] })
  const called = (values: Values) =>
    readSpan({ 'gen_ai.operation.name': 'execute_tool', ...values })
  expect(called({ 'gen_ai.tool.call.arguments': `{"id":${id}}` }).input).toEqual({ id })
  expect(called({ 'gen_ai.tool.call.arguments': `{'id': ${id}}` }).input).toEqual({ id })
  expect(called({ 'gen_ai.tool.call.arguments': `"{\\"id\\":${other}}"` }).input).toEqual({
    id: other,
  })
  expect(called({ 'gen_ai.tool.call.result': `{"ids":[${id},${other}]}` }).output).toEqual({
    ids: [id, other],
  })
  expect(called({ 'gen_ai.tool.call.result': BigInt(other) }).output).toBe(other)
})
