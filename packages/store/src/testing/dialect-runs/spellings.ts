import type { SpanSketch } from '../spans.ts'
import {
  flat,
  indexedMessage,
  inParts,
  openInferenceMessage,
  parts,
  text,
  type Values,
  values,
  vercelMessage,
} from './messages.ts'
import {
  agent,
  asked,
  call,
  called,
  type Exchange,
  functionTool,
  heard,
  model,
  question,
  reply,
  result,
  said,
  schema,
  system,
  tool,
} from './story.ts'

const json = JSON.stringify

/** What spans of the run say in a dialect: the agent, a model call, the tool. */
export interface Spelling {
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
    chat: ({ messages, answer, tools }) => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.agent.name': agent,
      'gen_ai.request.model': model,
      'gen_ai.system_instructions': json([text(system)]),
      ...(tools && {
        'gen_ai.tool.definitions': json([{ type: 'function', ...tool, parameters: schema }]),
      }),
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
    chat: ({ tools }) => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.agent.name': agent,
      'gen_ai.request.model': model,
      ...(tools && { 'gen_ai.tool.definitions': json([functionTool]) }),
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
    chat: ({ messages, answer, tools }) => ({
      'openinference.span.kind': 'LLM',
      'agent.name': agent,
      'llm.model_name': model,
      ...(tools && { 'llm.tools.0.tool.json_schema': json(functionTool) }),
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
    chat: ({ messages, answer, tools }) => ({
      'llm.request.type': 'chat',
      'traceloop.prompt.key': `${agent}.system`,
      'gen_ai.system': 'OpenAI',
      'gen_ai.request.model': model,
      ...(tools && flat('llm.request.functions', [{ ...tool, parameters: json(schema) }])),
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
    chat: ({ messages, answer, tools }) => ({
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.telemetry.functionId': agent,
      'ai.model.id': model,
      'ai.prompt.messages': json(messages.map(vercelMessage)),
      ...(tools && {
        'ai.prompt.tools': [json({ type: 'function', ...tool, inputSchema: schema })],
      }),
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
    chat: ({ messages, answer, tools }) => ({
      'langfuse.observation.type': 'generation',
      'langfuse.observation.prompt.name': `${agent}.system`,
      'langfuse.observation.model.name': model,
      'langfuse.observation.input': json({ messages, ...(tools && { tools: [functionTool] }) }),
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
    chat: ({ messages, answer, tools }) => ({
      'message.id': 'chat',
      'gen_ai.operation.name': 'chat',
      'gen_ai.model': model,
      [`param.${agent}.system`]: system,
      [`param.${agent}.system.trainable`]: 'True',
      ...(tools && { 'gen_ai.tool.definitions': json([functionTool]) }),
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
    chat: ({ messages, answer, tools }) => ({
      'mlflow.spanType': json('CHAT_MODEL'),
      'mlflow.linkedPrompts': json([{ name: `${agent}.system`, version: '1' }]),
      ...(tools && { 'mlflow.chat.tools': json([functionTool]) }),
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
    chat: ({ messages, answer, tools }) => ({
      'logfire.msg': `chat ${model}`,
      'gen_ai.operation.name': 'chat',
      agent_name: agent,
      'gen_ai.request.model': model,
      ...(tools && { model_request_parameters: json({ function_tools: [tool] }) }),
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
