import type { AnyValue, SpanRecord } from '../otlp/records.ts'
import { type SpanSketch, span, spanId } from './spans.ts'

type Values = Readonly<Record<string, AnyValue>>

/** One run of an agent: it asks a model, which calls a tool, and asks again with the tool's answer. */
export const agent = 'support-agent'
export const system = 'You answer customers. Be brief.'
export const question = 'Where is my parcel 4711?'
const tool = { name: 'look_up', description: 'Finds a parcel by its number.' }
const schema = { type: 'object', properties: { parcel: { type: 'string' } } }
const call = { id: 'call_1', name: tool.name, arguments: { parcel: '4711' } }
const result = { status: 'in transit', city: 'Lyon' }
export const reply = 'Your parcel is in Lyon.'
const model = 'small-model'

const json = JSON.stringify
const functionTool = { type: 'function', function: { ...tool, parameters: schema } }
const openAiCall = {
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: json(call.arguments) },
}
const asked = [
  { role: 'system', content: system },
  { role: 'user', content: question },
]
const called = { role: 'assistant', content: null, tool_calls: [openAiCall] }
const heard = { role: 'tool', tool_call_id: call.id, content: json(result) }
const said = { role: 'assistant', content: reply }
/** The two model calls, as OpenAI's API has them. */
const first = { messages: asked, answer: called }
const second = { messages: [...asked, called, heard], answer: said }
type Exchange = typeof first | typeof second

interface Spelling {
  readonly agent: Values
  chat(exchange: Exchange): Values
  /** Where messages are events of the span. */
  events?(exchange: Exchange): NonNullable<SpanSketch['events']>
  readonly tool: Values
}

/** Attributes of the same run in each dialect, by the dialect's name. */
export const spellings: Readonly<Record<string, Spelling>> = {
  gen_ai: {
    agent: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'openai',
      'gen_ai.agent.name': agent,
      'gen_ai.input.messages': json([parts('user', [text(question)])]),
      'gen_ai.output.messages': json([parts('assistant', [text(reply)])]),
    },
    chat: ({ messages, answer }) => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.agent.name': agent,
      'gen_ai.request.model': model,
      'gen_ai.system_instructions': json([text(system)]),
      'gen_ai.tool.definitions': json([{ type: 'function', ...tool, parameters: schema }]),
      'gen_ai.input.messages': json(messages.slice(1).map(inParts)),
      'gen_ai.output.messages': json([{ ...inParts(answer), finish_reason: 'stop' }]),
    }),
    tool: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.call.id': call.id,
      'gen_ai.tool.call.arguments': json(call.arguments),
      'gen_ai.tool.call.result': json(result),
    },
  },
  gen_ai_1_36: {
    agent: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': agent, ...values() },
    chat: () => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.agent.name': agent,
      'gen_ai.request.model': model,
      'gen_ai.tool.definitions': json([functionTool]),
    }),
    events: ({ messages, answer }) => [
      ...messages.map((message) => ({
        name: `gen_ai.${message.role}.message`,
        attributes: { 'gen_ai.event.content': json(message) },
      })),
      {
        name: 'gen_ai.choice',
        attributes: { 'gen_ai.event.content': json({ index: 0, message: answer }) },
      },
    ],
    tool: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.call.id': call.id,
      ...values(json(call.arguments), json(result)),
    },
  },
  openinference: {
    agent: { 'openinference.span.kind': 'AGENT', 'agent.name': agent, ...values() },
    chat: ({ messages, answer }) => ({
      'openinference.span.kind': 'LLM',
      'agent.name': agent,
      'llm.model_name': model,
      'llm.tools.0.tool.json_schema': json(functionTool),
      ...flat('llm.input_messages', messages.map(openInferenceMessage)),
      ...flat('llm.output_messages', [openInferenceMessage(answer)]),
    }),
    tool: {
      'openinference.span.kind': 'TOOL',
      'tool.name': tool.name,
      'tool.id': call.id,
      ...values(json(call.arguments), json(result)),
    },
  },
  openllmetry: {
    agent: {
      'traceloop.span.kind': 'workflow',
      'traceloop.entity.name': agent,
      'traceloop.entity.input': json(question),
      'traceloop.entity.output': json(reply),
    },
    chat: ({ messages, answer }) => ({
      'llm.request.type': 'chat',
      'traceloop.prompt.key': `${agent}.system`,
      'gen_ai.system': 'OpenAI',
      'gen_ai.request.model': model,
      ...flat('llm.request.functions', [{ ...tool, parameters: json(schema) }]),
      ...flat('gen_ai.prompt', messages.map(indexedMessage)),
      ...flat('gen_ai.completion', [indexedMessage(answer)]),
    }),
    tool: {
      'traceloop.span.kind': 'tool',
      'traceloop.entity.name': tool.name,
      'traceloop.entity.input': json(call.arguments),
      'traceloop.entity.output': json(result),
    },
  },
  vercel_ai: {
    agent: {
      'ai.operationId': 'ai.generateText',
      'ai.telemetry.functionId': agent,
      'ai.prompt': json({ system, prompt: question }),
      'ai.response.text': reply,
    },
    chat: ({ messages, answer }) => ({
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.telemetry.functionId': agent,
      'ai.model.id': model,
      'ai.prompt.messages': json(messages.map(vercelMessage)),
      'ai.prompt.tools': [json({ type: 'function', ...tool, inputSchema: schema })],
      ...(answer === called
        ? {
            'ai.response.toolCalls': json([
              { toolCallId: call.id, toolName: call.name, input: json(call.arguments) },
            ]),
          }
        : { 'ai.response.text': reply }),
    }),
    tool: {
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': tool.name,
      'ai.toolCall.id': call.id,
      'ai.toolCall.args': json(call.arguments),
      'ai.toolCall.result': json(result),
    },
  },
  langfuse: {
    agent: {
      'langfuse.observation.type': 'agent',
      'langfuse.observation.input': json(question),
      'langfuse.observation.output': reply,
    },
    chat: ({ messages, answer }) => ({
      'langfuse.observation.type': 'generation',
      'langfuse.observation.prompt.name': `${agent}.system`,
      'langfuse.observation.model.name': model,
      'langfuse.observation.input': json({ messages, tools: [functionTool] }),
      'langfuse.observation.output': json(answer),
    }),
    tool: {
      'langfuse.observation.type': 'tool',
      'langfuse.observation.input': json(call.arguments),
      'langfuse.observation.output': json(result, null, 2),
    },
  },
  opentrace: {
    agent: {
      'message.id': 'root',
      'gen_ai.operation.name': 'invoke_agent',
      'inputs.gen_ai.prompt': question,
      'outputs.preview': reply,
    },
    chat: ({ messages, answer }) => ({
      'message.id': 'chat',
      'gen_ai.operation.name': 'chat',
      'gen_ai.model': model,
      [`param.${agent}.system`]: system,
      [`param.${agent}.system.trainable`]: 'True',
      'gen_ai.tool.definitions': json([functionTool]),
      'gen_ai.input.messages': json(messages),
      'gen_ai.output.messages': json([answer]),
    }),
    tool: {
      'message.id': 'tool',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'inputs.gen_ai.prompt': json(call.arguments),
      'outputs.preview': json(result),
    },
  },
  mlflow: {
    agent: {
      'mlflow.spanType': json('AGENT'),
      'mlflow.spanInputs': json(question),
      'mlflow.spanOutputs': json(reply),
    },
    chat: ({ messages, answer }) => ({
      'mlflow.spanType': json('CHAT_MODEL'),
      'mlflow.linkedPrompts': json([{ name: `${agent}.system`, version: '1' }]),
      'mlflow.chat.tools': json([functionTool]),
      'mlflow.spanInputs': json({ model, messages }),
      'mlflow.spanOutputs': json({ choices: [{ index: 0, message: answer }] }),
    }),
    tool: {
      'mlflow.spanType': json('TOOL'),
      'mlflow.spanInputs': json(call.arguments),
      'mlflow.spanOutputs': json(result),
    },
  },
  logfire: {
    agent: {
      'logfire.msg': 'agent run',
      'gen_ai.operation.name': 'invoke_agent',
      agent_name: agent,
      all_messages_events: json([...asked, called, heard, said]),
      final_result: reply,
    },
    chat: ({ messages, answer }) => ({
      'logfire.msg': `chat ${model}`,
      'gen_ai.operation.name': 'chat',
      agent_name: agent,
      'gen_ai.request.model': model,
      model_request_parameters: json({ function_tools: [tool] }),
      events: json([
        ...messages.map((message) => ({
          ...message,
          'event.name': `gen_ai.${message.role}.message`,
        })),
        { 'event.name': 'gen_ai.choice', index: 0, message: answer },
      ]),
    }),
    tool: {
      'logfire.msg': 'running tool',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.call.id': call.id,
      tool_arguments: json(call.arguments),
      tool_response: json(result),
    },
  },
}

/** The spans of the run in a dialect. */
export function runIn(spelling: Spelling, trace = 'a'): SpanRecord[] {
  const parent = '1'
  const chat = (id: string, at: number, exchange: Exchange) => {
    const events = spelling.events?.(exchange) ?? []
    return span({
      trace,
      id,
      parent,
      at,
      name: 'model',
      attributes: spelling.chat(exchange),
      events,
    })
  }
  return [
    span({ trace, id: '1', at: 0, name: agent, attributes: spelling.agent }),
    chat('2', 1, first),
    span({ trace, id: '3', parent, at: 2, name: tool.name, attributes: spelling.tool }),
    chat('4', 3, second),
  ]
}

/** The events of the run's model calls, as logs of their spans. */
export function logsOf(spelling: Spelling): { spanId: string; name: string; body: AnyValue }[] {
  return [
    { id: '2', exchange: first },
    { id: '4', exchange: second },
  ].flatMap(({ id, exchange }) =>
    (spelling.events?.(exchange) ?? []).map(({ name, attributes }) => ({
      spanId: spanId(id),
      name,
      body: JSON.parse(String(attributes['gen_ai.event.content'])),
    })),
  )
}

function values(input: string = question, output: string = reply): Values {
  return { 'input.value': input, 'output.value': output }
}

function text(content: string) {
  return { type: 'text', content }
}

function parts(role: string, list: readonly unknown[]) {
  return { role, parts: list }
}

type ChatMessage = Exchange['messages'][number] | Exchange['answer']

function inParts(message: ChatMessage) {
  if ('tool_calls' in message) return parts('assistant', [{ type: 'tool_call', ...call }])
  if ('tool_call_id' in message) {
    return parts('tool', [{ type: 'tool_call_response', id: call.id, response: result }])
  }
  return parts(message.role, [text(message.content)])
}

function openInferenceMessage(message: ChatMessage) {
  if (!('tool_calls' in message)) return { message }
  const { id, function: named } = openAiCall
  return { message: { role: message.role, tool_calls: [{ tool_call: { id, function: named } }] } }
}

function indexedMessage(message: ChatMessage) {
  if (!('tool_calls' in message)) return message
  return { role: message.role, tool_calls: [{ ...call, arguments: json(call.arguments) }] }
}

function vercelMessage(message: ChatMessage) {
  const named = { toolCallId: call.id, toolName: call.name }
  if ('tool_calls' in message) {
    return {
      role: 'assistant',
      content: [{ type: 'tool-call', ...named, input: call.arguments }],
    }
  }
  if ('tool_call_id' in message) {
    const output = { type: 'json', value: result }
    return { role: 'tool', content: [{ type: 'tool-result', ...named, output }] }
  }
  return message.role === 'system'
    ? message
    : { role: message.role, content: [{ type: 'text', text: message.content }] }
}

/** Nested values as attributes `prefix.0.member…`. */
function flat(prefix: string, value: unknown): Values {
  if (typeof value === 'string' || typeof value === 'number') return { [prefix]: value }
  if (typeof value !== 'object' || value === null) return {}
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, member]) => flat(`${prefix}.${key}`, member)),
  )
}
