import { expect, it } from 'vitest'
import { readableText, textWithoutPackaging } from './index.ts'

const question =
  'Where is my order A-1042, and when will it arrive at my door on Wednesday? I waited for a week.'
const answer =
  'Your order A-1042 left the depot in Hamburg on Monday, and it arrives on Wednesday before noon.'
const details = {
  additional_kwargs: { refusal: null },
  response_metadata: {
    token_usage: {
      completion_tokens: 20,
      prompt_tokens: 120,
      prompt_tokens_details: { cached: 0 },
    },
    model_name: 'small',
    system_fingerprint: 'fp_44709d6fcb',
    finish_reason: 'stop',
    logprobs: null,
  },
  id: 'run--01a21fad-bb43-718e-b5b3-df49dce56483-0',
  usage_metadata: { input_tokens: 120, output_tokens: 20, total_tokens: 140 },
}
const call = { name: 'get_order', args: { order_id: 'A-1042' }, id: 'call_0', type: 'tool_call' }
const result = '{"depot": "Hamburg", "weight_kg": 2.4}'

const conversation = [
  `user: ${question}`,
  'assistant: get_order({"order_id":"A-1042"})',
  'tool: {"depot":"Hamburg","weight_kg":2.4}',
  `assistant: ${answer}`,
].join('\n')

const constructed = (name: string, kwargs: object) => ({
  ...{ lc: 1, type: 'constructor', id: ['langchain_core', 'messages', name] },
  kwargs: { ...kwargs, ...details },
})
const data = (type: string, of: object) => ({ type, data: { ...of, type, ...details } })

/** The same conversation, as frameworks write it. */
const packed: Record<string, unknown> = {
  'constructors of LangChain': [
    constructed('HumanMessage', { content: question }),
    constructed('AIMessage', { content: '', tool_calls: [call], invalid_tool_calls: [] }),
    constructed('ToolMessage', { content: result, tool_call_id: 'call_0', status: 'success' }),
    constructed('AIMessage', { content: answer, tool_calls: [] }),
  ],
  'the state of LangGraph': {
    messages: [
      data('human', { content: question }),
      data('ai', { content: '', tool_calls: [call], invalid_tool_calls: [] }),
      data('tool', { content: result, tool_call_id: 'call_0', artifact: null }),
      data('ai', { content: answer }),
    ],
    remaining_steps: 10004,
  },
  'what Python prints of LangChain’s messages': [
    `HumanMessage(content='${question}', additional_kwargs={}, response_metadata={}, id='d11e658b')`,
    `AIMessage(content='', additional_kwargs={'refusal': None}, tool_calls=[{'name': 'get_order', 'args': {'order_id': 'A-1042'}, 'id': 'call_0', 'type': 'tool_call'}], invalid_tool_calls=[])`,
    `ToolMessage(content='${result}', name='get_order', tool_call_id='call_0')`,
    `content='${answer}' additional_kwargs={} response_metadata={'model_name': 'small'} type='ai'`,
  ],
  'what Python prints of Haystack’s messages': {
    messages: [
      `ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text='${question}')], _name=None, _meta={})`,
      `ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[ToolCall(tool_name='get_order', arguments={'order_id': 'A-1042'}, id='call_0', extra=None)], _name=None, _meta={'model': 'small', 'usage': {'prompt_tokens': 1}})`,
      `ChatMessage(_role=<ChatRole.TOOL: 'tool'>, _content=[ToolCallResult(result='${result}', origin=ToolCall(tool_name='get_order', arguments={}, id='call_0'), error=False)], _name=None, _meta={})`,
      `ChatMessage(_role=<ChatRole.ASSISTANT: 'assistant'>, _content=[TextContent(text='${answer}')], _name=None, _meta={})`,
    ],
  },
  'what Python prints of LlamaIndex’s messages': {
    ctx: '<workflows.context.context.Context object at 0x7f042ee5ae10>',
    ev: `AgentSetup(input=[ChatMessage(role=<MessageRole.USER: 'user'>, additional_kwargs={}, blocks=[TextBlock(block_type='text', text='${question}')]), ChatMessage(role=<MessageRole.ASSISTANT: 'assistant'>, additional_kwargs={'tool_calls': [Call(id='call_0', function=Function(arguments='{}', name='get_order'))]}, blocks=[ToolCallBlock(block_type='tool_call', tool_call_id='call_0', tool_name='get_order', tool_kwargs='{"order_id": "A-1042"}')]), ChatMessage(role=<MessageRole.TOOL: 'tool'>, additional_kwargs={'tool_call_id': 'call_0'}, blocks=[TextBlock(block_type='text', text='${result}')]), ChatMessage(role=<MessageRole.ASSISTANT: 'assistant'>, blocks=[TextBlock(block_type='text', text='${answer}')])])`,
  },
  'the messages of an AI SDK’s user interface': {
    userId: '',
    messages: [
      { role: 'user', parts: [{ type: 'text', text: question }] },
      {
        role: 'assistant',
        parts: [
          { type: 'step-start' },
          {
            ...{ type: 'tool-get_order', toolCallId: 'call_0', state: 'output-available' },
            input: { order_id: 'A-1042' },
            output: { type: 'json', value: JSON.parse(result) },
          },
          { type: 'text', text: answer },
        ],
      },
    ],
  },
  'OpenAI’s messages inside of others': [
    { message: { role: 'user', content: question } },
    {
      message: {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_0',
            type: 'function',
            function: { name: 'get_order', arguments: '{"order_id": "A-1042"}' },
          },
        ],
      },
    },
    { message: { role: 'tool', tool_call_id: 'call_0', content: result } },
    { message: { role: 'assistant', content: answer } },
  ],
}

it.each(Object.entries(packed))(
  'shows the conversation in %s, whole, and nothing else',
  (_, value) => {
    expect(readableText(json(value))).toBe(conversation)
  },
)

it.each<[string, unknown, string]>([
  [
    'the members of a state',
    { question, category: 'delivery', score: null, messages: [data('ai', { content: answer })] },
    `{"category":"delivery"}\nquestion: ${question}\nassistant: ${answer}`,
  ],
  [
    'a call of a tool with its state',
    {
      __type: 'tool_call_with_context',
      tool_call: call,
      state: { messages: [data('human', { content: question })], remaining_steps: 3 },
    },
    'assistant: get_order({"order_id":"A-1042"})',
  ],
  [
    'where LangGraph goes on, and for what',
    [
      {
        lg_name: 'Send',
        node: 'tools',
        args: {
          __type: 'tool_call_with_context',
          tool_call: call,
          state: { messages: [data('human', { content: question })] },
        },
      },
    ],
    '{"node":"tools"}\nassistant: get_order({"order_id":"A-1042"})',
  ],
  [
    'the items of a conversation',
    {
      items: [
        { type: 'agent_config_update', id: 'item_0', tools_added: ['get_order'] },
        { type: 'message', role: 'user', id: 'item_1', content: [question], extra: {} },
        {
          ...{ id: 'item_2/fnc_0', type: 'function_call', call_id: 'call_0', name: 'get_order' },
          ...{ arguments: '{"order_id": "A-1042"}', extra: {}, group_id: null },
        },
        {
          ...{ id: 'item_3', type: 'function_call_output', call_id: 'call_0', name: 'get_order' },
          ...{ output: result, is_error: false, reply_required: true },
        },
        { type: 'message', role: 'assistant', id: 'item_4', content: [answer], extra: {} },
      ],
    },
    conversation,
  ],
  [
    'an agent and a tool of CrewAI, with all their settings',
    {
      tools: [{ name: 'get_order', description: 'Finds it.', result_as_answer: false, uses: 0 }],
      agent: {
        ...{ entity_type: 'agent', role: 'Editor', goal: 'Be short', backstory: 'A poet.' },
        ...{ cache: true, verbose: false, allow_delegation: false, max_iter: 25 },
      },
      context: answer,
    },
    `{"tools":[{"name":"get_order","description":"Finds it."}],"agent":{"role":"Editor","goal":"Be short","backstory":"A poet."}}\ncontext: ${answer}`,
  ],
  [
    'what an agent answered, beside what it took',
    [{ agentName: 'orders', response: answer, usage: { inputTokens: 9, totalTokens: 12 } }],
    `{"agentName":"orders"}\nresponse: ${answer}`,
  ],
  [
    'the event of a result, and the state of a workflow, of LlamaIndex',
    {
      ev: `ToolCallResult(tool_name='get_order', tool_kwargs={'order_id': 'A-1042'}, tool_id='call_0', tool_output=ToolOutput(blocks=[TextBlock(block_type='text', text='${answer}')], tool_name='get_order', raw_input={'args': (), 'kwargs': {'order_id': 'A-1042'}}, raw_output='${answer}', is_error=False), return_direct=False)`,
      init_state: { is_running: false, workers: { call_tool: { num_workers: 4 } } },
    },
    `assistant: get_order({"order_id":"A-1042"})\ntool: ${answer}`,
  ],
  [
    'a signature of DSPy',
    {
      signature: `StringSignature(question -> answer\n    instructions='Answer.'\n    question = Field(annotation=str)\n)`,
      inputs: { question },
    },
    `{"signature":"StringSignature(question -> answer)"}\ninputs.question: ${question}`,
  ],
  [
    'messages that are called after the tool that answered',
    {
      messages: [
        { role: 'user', content: question },
        { role: 'get_order', content: result, additional_kwargs: {} },
        { role: 'assistant', content: answer },
      ],
    },
    `user: ${question}\nget_order: ${result}\nassistant: ${answer}`,
  ],
  [
    'an agent with all its defaults',
    {
      agent: {
        ...{ id: '55c0634c-1299-4357-85b9-cfd917a5e634', role: 'Editor', goal: 'Be short' },
        ...{ max_rpm: null, tools: [], i18n: { prompt_file: null }, apps: null, mcps: null },
        ...{ key: '7472a4caab7b38924b61afaa117d9a20', embedder: null },
      },
      context: answer,
    },
    `{"agent":{"role":"Editor","goal":"Be short"}}\ncontext: ${answer}`,
  ],
  ['a prediction', `Prediction(\n    reasoning='It left.',\n    answer='${answer}'\n)`, answer],
  [
    'a response with its usage',
    {
      ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1790000000, model: 'small' },
      choices: [
        { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: answer } },
      ],
      usage: { prompt_tokens: 120, completion_tokens_details: { reasoning_tokens: 0 } },
    },
    `assistant: ${answer}`,
  ],
  [
    'a call with its callbacks',
    {
      prompt: 'Hello',
      callbacks: '<langchain_core.callbacks.manager.CallbackManager object at 0x7f9>',
      config: { configurable: { thread_id: '7' }, recursion_limit: 25 },
    },
    '{"prompt":"Hello"}',
  ],
  [
    'a picture',
    [{ role: 'user', content: [{ type: 'image', data: 'aB3/'.repeat(500) }] }],
    'user: [{"type":"image","data":"[base64, 2000 characters]"}]',
  ],
  [
    'an embedding',
    { vector: Array.from({ length: 1536 }, (_, at) => at / 7) },
    '{"vector":"[1536 numbers]"}',
  ],
])('shows what a person reads of %s', (_, value, expected) => {
  const text = readableText(json(value))
  if (typeof value === 'string') expect(text).toContain(expected)
  else expect(text).toBe(expected)
})

it.each([
  '{"category": "delivery", "id": null}',
  'x = f(y)',
  "Order(id='A-1', lines=3",
  'content=unquoted words',
  'a < b and c > d',
])('leaves the text %s as it is', (text) => {
  expect(readableText(text)).toBe(text)
})

it('leaves results of tools and values of programs as they are', () => {
  for (const value of [{ id: null, paid: false, lines: [] }, [1, 2], 7, null, { role: 'x' }]) {
    expect(textWithoutPackaging(value)).toBe(JSON.stringify(value))
  }
})

it('shows that a tool has answered nothing', () => {
  const messages = [
    { role: 'user', content: 'Where is it?' },
    { role: 'assistant', tool_calls: [{ id: 'c1', name: 'find', arguments: {} }] },
    { role: 'tool', tool_call_id: 'c1', content: '' },
  ]
  expect(readableText(messages)).toBe('user: Where is it?\nassistant: find({})\ntool: ""')
})

it('keeps every word of long messages', () => {
  const long = Array.from({ length: 5000 }, (_, at) => `word${at}`).join(' ')
  expect(readableText([json(constructed('HumanMessage', { content: long }))])).toBe(`user: ${long}`)
})

it('reads hostile nesting without an error', () => {
  const deep = (open: string, close: string, times: number) =>
    open.repeat(times) + close.repeat(times)
  for (const text of [deep('A(a=', ')', 50_000), deep('A(', ')', 50_000), deep('[', ']', 50_000)]) {
    expect(readableText(text)).toBe(text)
  }
  expect(readableText("A(__proto__=1, constructor='x', content='y')")).toContain('x')
})

function json(value: unknown) {
  return JSON.parse(JSON.stringify(value))
}
