// POST /v1/chat/completions
import { nextId } from './ids.mjs'
import { piecesOf, spokenText, usageOf } from './usage.mjs'

/** Text of a content that is a text or a list of parts. */
export function textOf(content) {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => part.text ?? part.refusal ?? '').join('\n')
}

export function parsed(text) {
  if (typeof text !== 'string') return text ?? {}
  try {
    return JSON.parse(text)
  } catch {
    return { input: text }
  }
}

/** An offered tool, as `decide` takes it. */
export function toolOf({ name, description = '' }, schema) {
  return { name, description, schema }
}

const isInstruction = ({ role }) => role === 'system' || role === 'developer'

export function conversationOf(body) {
  const messages = body.messages ?? []
  return {
    // Some frameworks say the same one again with each turn.
    system: [...new Set(messages.filter(isInstruction).map(({ content }) => textOf(content)))].join(
      '\n',
    ),
    messages: messages.filter((message) => !isInstruction(message)).map(messageOf),
    tools: (body.tools ?? [])
      .filter(({ function: offered }) => offered)
      .map(({ function: offered }) => toolOf(offered, offered.parameters)),
    schema: wantedSchema(body.response_format),
  }
}

function wantedSchema(format) {
  if (format?.type === 'json_schema') return format.json_schema?.schema
  return format?.type === 'json_object' ? { properties: { answer: { type: 'string' } } } : undefined
}

function messageOf(message) {
  const text = textOf(message.content)
  const result = { id: message.tool_call_id, name: message.name, text }
  return {
    role: message.role,
    text: message.role === 'tool' ? '' : text,
    calls: (message.tool_calls ?? []).map(({ id, function: called }) => ({
      id,
      name: called.name,
      args: parsed(called.arguments),
    })),
    results: message.role === 'tool' ? [result] : [],
  }
}

/** Answers a request with `reply.json` or `reply.events`. */
export function answerChat(body, reply, decide) {
  const turn = decide(conversationOf(body))
  const head = { id: nextId('chatcmpl-'), created: 1_760_000_000, model: body.model }
  const finish = turn.call ? 'tool_calls' : 'stop'
  const calls = turn.call && [
    {
      id: nextId('call_'),
      type: 'function',
      function: { name: turn.call.name, arguments: JSON.stringify(turn.call.args) },
    },
  ]
  const usage = chatUsage(body, turn)
  if (!body.stream) {
    const message = { role: 'assistant', content: turn.call ? null : turn.text, refusal: null }
    if (calls) message.tool_calls = calls
    const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }]
    return reply.json({ ...head, object: 'chat.completion', choices, usage })
  }
  const chunk = (delta, finish_reason = null) => ({
    data: {
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason }],
    },
  })
  const deltas = calls
    ? [{ tool_calls: [{ index: 0, ...calls[0] }] }]
    : piecesOf(turn.text).map((content) => ({ content }))
  const counted = body.stream_options?.include_usage
    ? [{ data: { ...head, object: 'chat.completion.chunk', choices: [], usage } }]
    : []
  return reply.events([
    chunk({ role: 'assistant', content: calls ? null : '' }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, finish),
    ...counted,
    { data: '[DONE]' },
  ])
}

function chatUsage(body, turn) {
  const { input, cached, output, reasoning } = usageOf(body, spokenText(turn))
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
  }
}
