import { inParts, parts, text, vercelMessage } from './messages.ts'
import type { Spelling } from './spellings.ts'
import {
  agent,
  type ChatMessage,
  call,
  called,
  model,
  question,
  reply,
  result,
  schema,
  system,
  tool,
} from './story.ts'

const json = JSON.stringify

/** The run in dialects whose model calls say nothing of the agent that makes them, or of its prompt's name. */
export const unnamedSpellings: Readonly<Record<string, Spelling>> = {
  google_adk: {
    agent: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent,
      'gcp.vertex.agent.session_id': 's-1',
      'input.value': question,
      'output.value': reply,
    },
    chat: ({ messages, answer, tools }) => ({
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.system': 'gcp.vertex.agent',
      'gen_ai.request.model': model,
      'gcp.vertex.agent.llm_request': json({
        model,
        config: {
          system_instruction: system,
          ...(tools && { tools: [{ function_declarations: [{ ...tool, parameters: schema }] }] }),
        },
        contents: messages.slice(1).map(geminiMessage),
      }),
      'gcp.vertex.agent.llm_response': json({ content: geminiMessage(answer) }),
    }),
    tool: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.system': 'gcp.vertex.agent',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.call.id': call.id,
      'gcp.vertex.agent.tool_call_args': json(call.arguments),
      'gcp.vertex.agent.tool_response': json(result),
      'gcp.vertex.agent.llm_request': '{}',
      'gcp.vertex.agent.llm_response': '{}',
    },
  },
  langsmith: {
    agent: {
      'langsmith.span.kind': 'agent',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.prompt': json({ messages: [constructed('HumanMessage', { content: question })] }),
      'gen_ai.completion': json({ messages: [constructed('AIMessage', { content: reply })] }),
    },
    chat: ({ messages, answer, tools }) => ({
      'langsmith.span.kind': 'llm',
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.request.model': model,
      ...(tools && {
        'gen_ai.tool.definitions': json([
          { type: 'function', function: { ...tool, parameters: schema } },
        ]),
      }),
      'gen_ai.prompt': json({ messages: [messages.map(langChainMessage)] }),
      'gen_ai.completion': json({ generations: [[{ message: langChainMessage(answer) }]] }),
    }),
    tool: {
      'langsmith.span.kind': 'tool',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'gen_ai.prompt': json({ input: "{'parcel': '4711'}" }),
      'gen_ai.completion': json({
        output: constructed('ToolMessage', { content: json(result), tool_call_id: call.id }),
      }),
    },
  },
  mastra: {
    agent: {
      'mastra.span.type': 'agent_run',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent,
      'mastra.agent_run.input': question,
      'mastra.agent_run.output': json({ text: reply, files: [] }),
    },
    chat: ({ messages, answer, tools }) => ({
      'mastra.span.type': 'model_step',
      'gen_ai.operation.name': 'agent_step',
      'gen_ai.request.model': model,
      ...(tools && {
        'gen_ai.tool.definitions': json([{ type: 'function', ...tool, parameters: schema }]),
      }),
      'mastra.model_step.input': json(messages.map(vercelMessage)),
      'mastra.model_step.output': json(
        answer === called
          ? {
              text: '',
              toolCalls: [{ toolCallId: call.id, toolName: call.name, args: call.arguments }],
            }
          : { text: reply, toolCalls: [] },
      ),
    }),
    tool: {
      'mastra.span.type': 'tool_call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.call.id': call.id,
      'mastra.tool_call.input': json(call.arguments),
      'mastra.tool_call.output': json(result),
    },
  },
  langwatch: {
    agent: {
      'langwatch.span.type': 'agent',
      'langwatch.input': json({ type: 'text', value: question }),
      'langwatch.output': json({ type: 'text', value: reply }),
    },
    chat: ({ messages, answer, tools }) => ({
      'langwatch.span.type': 'llm',
      'gen_ai.request.model': model,
      ...(tools && {
        'gen_ai.tool.definitions': json([{ type: 'function', ...tool, parameters: schema }]),
      }),
      'langwatch.input': json({ type: 'chat_messages', value: messages }),
      'langwatch.output': json({ type: 'chat_messages', value: [answer] }),
    }),
    tool: {
      'langwatch.span.type': 'tool',
      'langwatch.input': json({ type: 'json', value: call.arguments }),
      'langwatch.output': json({ type: 'json', value: result }),
    },
  },
  genkit: {
    agent: action('flow', agent, question, reply),
    chat: ({ messages, answer, tools }) => ({
      ...action(
        'model',
        model,
        {
          messages: messages.map(genkitMessage),
          ...(tools && { tools: [{ ...tool, inputSchema: schema }] }),
        },
        { message: genkitMessage(answer), finishReason: 'stop' },
      ),
      'genkit:model': model,
    }),
    tool: action('tool', tool.name, call.arguments, result),
  },
  haystack: {
    agent: {
      'haystack.agent.max_steps': 10,
      'haystack.agent.input': json({
        messages: [haystackMessage({ role: 'user', content: question })],
      }),
      'haystack.agent.output': json({
        messages: [haystackMessage({ role: 'assistant', content: reply })],
      }),
    },
    chat: ({ messages, answer, tools }) => ({
      'haystack.agent.step.llm.input': json({ messages: messages.map(haystackMessage) }),
      'haystack.agent.step.llm.output': json({ replies: [haystackMessage(answer)] }),
      ...(tools && {
        'gen_ai.tool.definitions': json([{ type: 'function', ...tool, parameters: schema }]),
      }),
    }),
    tool: {
      'haystack.tool.name': tool.name,
      'haystack.agent.step.tool.input': json(call.arguments),
      'haystack.agent.step.tool.output': json(result),
    },
  },
  livekit: {
    agent: { 'lk.generation_id': 'g-1', 'lk.user_input': question, 'lk.response.text': reply },
    chat: ({ messages, answer, tools }) => ({
      'lk.interrupted': false,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.system_instructions': json([text(system)]),
      ...(tools && {
        'gen_ai.tool.definitions': json([{ type: 'function', ...tool, parameters: schema }]),
      }),
      'gen_ai.input.messages': json(messages.slice(1).map(inParts)),
      'gen_ai.output.messages': json([inParts(answer)]),
    }),
    tool: {
      'lk.function_tool.id': call.id,
      'lk.function_tool.name': tool.name,
      'lk.function_tool.arguments': json(call.arguments),
      'lk.function_tool.output': json(result),
    },
  },
  // Strands: events of Bedrock's parts.
  gen_ai_1_36: {
    agent: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.system': 'strands-agents',
      'gen_ai.agent.name': agent,
      'input.value': question,
      'output.value': reply,
    },
    chat: ({ tools }) => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'strands-agents',
      'gen_ai.request.model': model,
      ...(tools && {
        'gen_ai.tool.definitions': json([
          { name: tool.name, description: tool.description, inputSchema: { json: schema } },
        ]),
      }),
    }),
    events: ({ messages, answer }) => [
      ...messages.map((message) => ({
        name: `gen_ai.${message.role}.message`,
        attributes: { content: json(bedrockParts(message)) },
      })),
      { name: 'gen_ai.choice', attributes: { message: json(bedrockParts(answer)) } },
    ],
    tool: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.system': 'strands-agents',
      'gen_ai.tool.name': tool.name,
      'gen_ai.tool.call.id': call.id,
      'input.value': json(call.arguments),
      'output.value': json(result),
    },
  },
}

function geminiMessage(message: ChatMessage) {
  if ('tool_calls' in message) {
    const { id, name, arguments: args } = call
    return { role: 'model', parts: [{ function_call: { id, name, args } }] }
  }
  if ('tool_call_id' in message) {
    const { id, name } = call
    return { role: 'user', parts: [{ function_response: { id, name, response: result } }] }
  }
  const role = message.role === 'assistant' ? 'model' : message.role
  return parts(role, [{ text: message.content }])
}

function constructed(name: string, kwargs: object) {
  const id = ['langchain', 'schema', 'messages', name]
  return { ...{ lc: 1, type: 'constructor', id }, kwargs: { ...kwargs, response_metadata: {} } }
}

const langChainNames: Readonly<Record<string, string>> = {
  ...{ system: 'SystemMessage', user: 'HumanMessage', assistant: 'AIMessage' },
}

function langChainMessage(message: ChatMessage) {
  if ('tool_calls' in message) {
    const { id, name, arguments: args } = call
    return constructed('AIMessage', { content: '', tool_calls: [{ id, name, args }] })
  }
  if ('tool_call_id' in message) {
    return constructed('ToolMessage', { content: json(result), tool_call_id: call.id })
  }
  return constructed(langChainNames[message.role] ?? '', { content: message.content })
}

function action(subtype: string, name: string, input: unknown, output: unknown) {
  return {
    'genkit:type': 'action',
    'genkit:metadata:subtype': subtype,
    'genkit:name': name,
    'genkit:input': json(input),
    'genkit:output': json(output),
  }
}

function genkitMessage(message: ChatMessage) {
  const { id: ref, name, arguments: input } = call
  if ('tool_calls' in message) {
    return { role: 'model', content: [{ toolRequest: { ref, name, input } }] }
  }
  if ('tool_call_id' in message) {
    return { role: 'tool', content: [{ toolResponse: { ref, name, output: result } }] }
  }
  const role = message.role === 'assistant' ? 'model' : message.role
  return { role, content: [{ text: message.content }] }
}

function haystackMessage(message: ChatMessage) {
  const origin = { tool_name: call.name, arguments: call.arguments, id: call.id, extra: null }
  const of = (part: object) => ({ role: message.role, meta: {}, name: null, content: [part] })
  if ('tool_calls' in message) return of({ tool_call: origin })
  if ('tool_call_id' in message) {
    return of({ tool_call_result: { result: json(result), origin, error: false } })
  }
  return of({ text: message.content })
}

function bedrockParts(message: ChatMessage) {
  const { id: toolUseId, name, arguments: input } = call
  if ('tool_calls' in message) return [{ toolUse: { toolUseId, name, input } }]
  if ('tool_call_id' in message) {
    return [{ toolResult: { toolUseId, status: 'success', content: [{ text: json(result) }] } }]
  }
  return [{ text: message.content }]
}
