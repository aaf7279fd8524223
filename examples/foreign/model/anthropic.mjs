// POST /v1/messages
import { nextId } from './ids.mjs'
import { textOf, toolOf } from './openai-chat.mjs'
import { piecesOf, spokenText, usageOf } from './usage.mjs'

function conversationOf(body) {
  const messages = body.messages ?? []
  const names = new Map()
  for (const part of messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))) {
    if (part.type === 'tool_use') names.set(part.id, part.name)
  }
  return {
    system: textOf(body.system),
    messages: messages.map((message) => messageOf(message, names)),
    tools: (body.tools ?? [])
      .filter(({ input_schema }) => input_schema)
      .map((tool) => toolOf(tool, tool.input_schema)),
    schema: body.output_config?.format?.schema ?? body.output_format?.schema,
  }
}

function messageOf({ role, content }, names) {
  const parts = Array.isArray(content) ? content : [{ type: 'text', text: content }]
  const of = (type) => parts.filter((part) => part.type === type)
  return {
    role,
    text: of('text')
      .map(({ text }) => text)
      .join('\n'),
    calls: of('tool_use').map(({ id, name, input }) => ({ id, name, args: input })),
    results: of('tool_result').map((part) => ({
      id: part.tool_use_id,
      name: names.get(part.tool_use_id),
      text: textOf(part.content),
    })),
  }
}

export function answerMessages(body, reply, decide) {
  const turn = decide(conversationOf(body))
  const content = turn.call
    ? { type: 'tool_use', id: nextId('toolu_'), name: turn.call.name, input: turn.call.args }
    : { type: 'text', text: turn.text }
  const { input, cached, output } = usageOf(body, spokenText(turn))
  const message = {
    id: nextId('msg_'),
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [content],
    stop_reason: turn.call ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: input - cached,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: 0,
      output_tokens: output,
    },
  }
  return body.stream ? reply.events(eventsOf(message)) : reply.json(message)
}

function eventsOf(message) {
  const { content, usage, stop_reason } = message
  const [block] = content
  const isText = block.type === 'text'
  const deltas = isText
    ? piecesOf(block.text).map((text) => ({ type: 'text_delta', text }))
    : [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }]
  const events = [
    {
      type: 'message_start',
      message: {
        ...message,
        content: [],
        stop_reason: null,
        usage: { ...usage, output_tokens: 1 },
      },
    },
    {
      type: 'content_block_start',
      index: 0,
      content_block: isText ? { type: 'text', text: '' } : { ...block, input: {} },
    },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ]
  return events.map((data) => ({ event: data.type, data }))
}
