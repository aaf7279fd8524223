import { each, indexed, json, type Members } from './members.ts'

export const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'x' }
export const model = { 'openinference.span.kind': 'LLM' }

const call = (at: number) => ({
  id: `c${at}`,
  type: 'tool_call',
  name: `t${at}`,
  arguments: { x: at },
})
const answer = (at: number) => ({ type: 'tool_call_response', id: `c${at}`, result: `r${at}` })
const message = (at: number) => ({ role: at % 2 ? 'assistant' : 'user', content: `words ${at}` })

/** Messages in each form that a convention has for them. */
export const conversations: Readonly<Record<string, (size: number) => Members>> = {
  'messages of OpenTelemetry': (size) => ({
    ...chat,
    'gen_ai.input.messages': json(each(size, message)),
  }),
  'answers of OpenTelemetry': (size) => ({
    ...chat,
    'gen_ai.output.messages': json(each(size, message)),
  }),
  'calls and their answers': (size) => ({
    ...chat,
    'gen_ai.output.messages': json([
      ...each(size, (at) => ({ role: 'assistant', parts: [call(at)] })),
      ...each(size, (at) => ({ role: 'tool', parts: [answer(at)] })),
    ]),
  }),
  'calls and answers in one message': (size) => ({
    ...chat,
    'gen_ai.output.messages': json([
      { role: 'assistant', parts: [...each(size, call), ...each(size, answer)] },
    ]),
  }),
  'parts of a message': (size) => ({
    ...chat,
    'gen_ai.input.messages': json([
      { role: 'user', parts: each(size, (at) => ({ type: 'text', content: `words ${at}` })) },
    ]),
  }),
  'text parts of a result': (size) => ({
    ...chat,
    'gen_ai.input.messages': json([
      {
        role: 'tool',
        parts: [
          {
            type: 'tool_result',
            id: 'c',
            content: each(size, (at) => ({ type: 'text', text: `${at}` })),
          },
        ],
      },
    ]),
  }),
  'messages with an index': (size) => ({
    ...model,
    ...indexed(size, 'llm.input_messages', 'message.content', (at) => `words ${at}`),
    ...indexed(size, 'llm.output_messages', 'message.content', (at) => `words ${at}`),
  }),
  'contents with an index': (size) => ({
    ...model,
    ...indexed(
      size,
      'llm.input_messages.0.message.contents',
      'message_content.text',
      (at) => `words ${at}`,
    ),
  }),
  'prompts with an index': (size) => ({
    'llm.request.type': 'chat',
    ...indexed(size, 'gen_ai.prompt', 'content', (at) => `words ${at}`),
    ...indexed(size, 'gen_ai.completion', 'content', (at) => `words ${at}`),
  }),
  'messages of the AI SDK': (size) => ({
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.prompt.messages': json(each(size, message)),
    'ai.response.toolCalls': json(each(size, call)),
  }),
  'messages of Langfuse': (size) => ({
    'langfuse.observation.type': 'generation',
    'langfuse.observation.input': json(each(size, message)),
    'langfuse.observation.output': json(each(size, message)),
  }),
  'messages of MLflow': (size) => ({
    'mlflow.spanType': '"CHAT_MODEL"',
    'mlflow.spanInputs': json({ messages: each(size, message) }),
    'mlflow.spanOutputs': json({ choices: each(size, (at) => ({ message: message(at) })) }),
  }),
  'messages of Logfire': (size) => ({
    ...chat,
    'logfire.msg': 'x',
    request_data: json({ messages: each(size, message) }),
    all_messages_events: json(each(size, message)),
  }),
  'system messages': (size) => ({
    ...chat,
    'gen_ai.input.messages': json(each(size, (at) => ({ role: 'system', content: `Be ${at}.` }))),
  }),
  'parts of the system instructions': (size) => ({
    ...chat,
    'gen_ai.system_instructions': json(
      each(size, (at) => ({ type: 'text', content: `Be ${at}.` })),
    ),
  }),
}
