import type { AnyValue, SpanRecord } from '../otlp/model.ts'
import { span } from './spans.ts'

/**
 * One agent run, as each convention writes it: the agent asks the model, which calls a tool, whose result the model
 * turns into the answer.
 */
const question = 'Where is my parcel 1234?'
const system = 'You are a support agent. Use the tools.'
const args = { parcel: '1234' }
const result = 'The parcel was delivered on Monday.'
const answer = 'Your parcel was delivered on Monday, have a look at the porch.'
const description = 'Looks up where a parcel is.'
const callId = 'call_77ab12'
const model = 'gpt-4o'

type Values = Readonly<Record<string, AnyValue>>

interface Steps {
  readonly agent: Values
  readonly ask: Values
  readonly tool: Values
  readonly reply: Values
}

const json = (value: unknown) => JSON.stringify(value)
const toolDefinition = { type: 'function', name: 'track_parcel', description }

const flat = (prefix: string, value: unknown): Values =>
  Object.fromEntries(leaves(value).map(([path, leaf]) => [`${prefix}.${path}`, leaf]))

function leaves(value: unknown): [string, AnyValue][] {
  if (typeof value !== 'object' || value === null) return [['', String(value)]]
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member).map(([path, leaf]): [string, AnyValue] => [path ? `${key}.${path}` : key, leaf]),
  )
}

const openAiCall = {
  id: callId,
  type: 'function',
  function: { name: 'track_parcel', arguments: json(args) },
}
const openAiMessages = [
  { role: 'system', content: system },
  { role: 'user', content: question },
]
const openAiLater = [
  ...openAiMessages,
  { role: 'assistant', content: '', tool_calls: [openAiCall] },
  { role: 'tool', tool_call_id: callId, content: result },
]

const part = (content: string) => ({ type: 'text', content })
const genAi = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': model,
  'gen_ai.agent.name': 'support',
}
const genAiMessages = [{ role: 'user', parts: [part(question)] }]
const genAiCall = {
  role: 'assistant',
  parts: [{ type: 'tool_call', id: callId, name: 'track_parcel', arguments: args }],
}

const inference = (messages: readonly object[]) =>
  messages.map((message) => ({ message: nested(message) }))
const nested = ({
  tool_calls: calls,
  ...message
}: {
  tool_calls?: readonly (typeof openAiCall)[]
}) =>
  calls
    ? {
        ...message,
        tool_calls: calls.map(({ id, function: called }) => ({
          tool_call: { id, function: called },
        })),
      }
    : message

const vercel = { 'ai.model.id': model, 'ai.telemetry.functionId': 'support' }
const vercelLater = [
  ...openAiMessages,
  {
    role: 'assistant',
    content: [{ type: 'tool-call', toolCallId: callId, toolName: 'track_parcel', input: args }],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: callId,
        toolName: 'track_parcel',
        output: { type: 'text', value: result },
      },
    ],
  },
]

const traceloop = { 'llm.request.type': 'chat', 'gen_ai.request.model': model }
const loop = (messages: readonly object[]) =>
  messages.map(
    ({ tool_calls: calls, ...message }: { tool_calls?: readonly (typeof openAiCall)[] }) =>
      calls
        ? { ...message, tool_calls: calls.map(({ id, function: called }) => ({ id, ...called })) }
        : message,
  )

const langfuseLlm = {
  'langfuse.observation.type': 'generation',
  'langfuse.observation.model.name': model,
  'gen_ai.agent.name': 'support',
  'gen_ai.tool.definitions': json([toolDefinition]),
}
const mlflowLlm = {
  'mlflow.spanType': '"CHAT_MODEL"',
  'gen_ai.request.model': model,
  'gen_ai.agent.name': 'support',
  'gen_ai.tool.definitions': json([toolDefinition]),
}

export const dialectRuns: Readonly<Record<string, Steps>> = {
  gen_ai: {
    agent: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'support',
      'gen_ai.input.messages': json(genAiMessages),
      'gen_ai.output.messages': json([{ role: 'assistant', parts: [part(answer)] }]),
    },
    ask: {
      ...genAi,
      'gen_ai.system_instructions': json([part(system)]),
      'gen_ai.tool.definitions': json([toolDefinition]),
      'gen_ai.input.messages': json(genAiMessages),
      'gen_ai.output.messages': json([genAiCall]),
    },
    tool: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'track_parcel',
      'gen_ai.tool.call.id': callId,
      'gen_ai.tool.call.arguments': json(args),
      'gen_ai.tool.call.result': result,
    },
    reply: {
      ...genAi,
      'gen_ai.system_instructions': json([part(system)]),
      'gen_ai.tool.definitions': json([toolDefinition]),
      'gen_ai.input.messages': json([
        ...genAiMessages,
        genAiCall,
        { role: 'tool', parts: [{ type: 'tool_call_response', id: callId, response: result }] },
      ]),
      'gen_ai.output.messages': json([{ role: 'assistant', parts: [part(answer)] }]),
    },
  },
  openinference: {
    agent: {
      'openinference.span.kind': 'AGENT',
      'agent.name': 'support',
      'input.value': question,
      'output.value': answer,
    },
    ask: {
      'openinference.span.kind': 'LLM',
      'llm.model_name': model,
      'agent.name': 'support',
      'llm.tools.0.tool.json_schema': json({ type: 'function', function: toolDefinition }),
      ...flat('llm.input_messages', inference(openAiMessages)),
      ...flat('llm.output_messages', inference([{ role: 'assistant', tool_calls: [openAiCall] }])),
    },
    tool: {
      'openinference.span.kind': 'TOOL',
      'tool.name': 'track_parcel',
      'tool.id': callId,
      'input.value': json(args),
      'input.mime_type': 'application/json',
      'output.value': result,
    },
    reply: {
      'openinference.span.kind': 'LLM',
      'llm.model_name': model,
      'agent.name': 'support',
      'llm.tools.0.tool.json_schema': json({ type: 'function', function: toolDefinition }),
      ...flat('llm.input_messages', inference(openAiLater)),
      ...flat('llm.output_messages', inference([{ role: 'assistant', content: answer }])),
    },
  },
  'vercel-ai-sdk': {
    agent: {
      ...vercel,
      'ai.operationId': 'ai.generateText',
      'ai.prompt': json({ system, prompt: question }),
      'ai.response.text': answer,
    },
    ask: {
      ...vercel,
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.prompt.messages': json(openAiMessages),
      'ai.prompt.tools': [json(toolDefinition)],
      'ai.response.toolCalls': json([
        { toolCallId: callId, toolName: 'track_parcel', input: json(args) },
      ]),
    },
    tool: {
      ...vercel,
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': 'track_parcel',
      'ai.toolCall.id': callId,
      'ai.toolCall.args': json(args),
      'ai.toolCall.result': json(result),
    },
    reply: {
      ...vercel,
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.prompt.messages': json(vercelLater),
      'ai.prompt.tools': [json(toolDefinition)],
      'ai.response.text': answer,
    },
  },
  openllmetry: {
    agent: {
      'traceloop.span.kind': 'agent',
      'traceloop.entity.name': 'support',
      'traceloop.entity.input': question,
      'traceloop.entity.output': answer,
    },
    ask: {
      ...traceloop,
      'gen_ai.agent.name': 'support',
      'llm.request.functions.0.name': 'track_parcel',
      'llm.request.functions.0.description': description,
      ...flat('gen_ai.prompt', loop(openAiMessages)),
      ...flat('gen_ai.completion', loop([{ role: 'assistant', tool_calls: [openAiCall] }])),
    },
    tool: {
      'traceloop.span.kind': 'tool',
      'traceloop.entity.name': 'track_parcel',
      'gen_ai.tool.call.id': callId,
      'traceloop.entity.input': json(args),
      'traceloop.entity.output': json(result),
    },
    reply: {
      ...traceloop,
      'gen_ai.agent.name': 'support',
      'llm.request.functions.0.name': 'track_parcel',
      'llm.request.functions.0.description': description,
      ...flat('gen_ai.prompt', loop(openAiLater)),
      ...flat('gen_ai.completion', loop([{ role: 'assistant', content: answer }])),
    },
  },
  langfuse: {
    agent: {
      'langfuse.observation.type': 'agent',
      'langfuse.observation.input': question,
      'langfuse.observation.output': answer,
    },
    ask: {
      ...langfuseLlm,
      'langfuse.observation.input': json(openAiMessages),
      'langfuse.observation.output': json({
        role: 'assistant',
        content: '',
        tool_calls: [openAiCall],
      }),
    },
    tool: {
      'langfuse.observation.type': 'tool',
      'gen_ai.tool.call.id': callId,
      'langfuse.observation.input': json(args),
      'langfuse.observation.output': result,
    },
    reply: {
      ...langfuseLlm,
      'langfuse.observation.input': json(openAiLater),
      'langfuse.observation.output': json({ role: 'assistant', content: answer }),
    },
  },
  mlflow: {
    agent: {
      'mlflow.spanType': '"AGENT"',
      'mlflow.spanFunctionName': '"support"',
      'mlflow.spanInputs': json({ prompt: question }),
      'mlflow.spanOutputs': answer,
    },
    ask: {
      ...mlflowLlm,
      'mlflow.spanInputs': json({ messages: openAiMessages }),
      'mlflow.spanOutputs': json({
        choices: [{ message: { role: 'assistant', content: '', tool_calls: [openAiCall] } }],
      }),
    },
    tool: {
      'mlflow.spanType': '"TOOL"',
      'mlflow.spanFunctionName': '"track_parcel"',
      'gen_ai.tool.call.id': callId,
      'mlflow.spanInputs': json(args),
      'mlflow.spanOutputs': json(result),
    },
    reply: {
      ...mlflowLlm,
      'mlflow.spanInputs': json({ messages: openAiLater }),
      'mlflow.spanOutputs': json({
        choices: [{ message: { role: 'assistant', content: answer } }],
      }),
    },
  },
}

/** The run in one convention, its spans named as its operators are. */
export function dialectRun(dialect: string): SpanRecord[] {
  const steps = dialectRuns[dialect]
  if (!steps) throw new Error(`There is no run in ${dialect}.`)
  return [
    span({ id: '1', name: 'support', attributes: steps.agent }),
    span({ id: '2', parent: '1', at: 1, name: 'model', attributes: steps.ask }),
    span({ id: '3', parent: '1', at: 2, name: 'track_parcel', attributes: steps.tool }),
    span({ id: '4', parent: '1', at: 3, name: 'model', attributes: steps.reply }),
  ]
}
