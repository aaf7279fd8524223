// POST /v1/responses
import { nextId } from './ids.mjs'
import { parsed, textOf, toolOf } from './openai-chat.mjs'
import { piecesOf, spokenText, usageOf } from './usage.mjs'

/** What `previous_response_id` continues: items of the conversation, by the id of the response. */
const earlier = new Map()

function itemsOf(body) {
  const own = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input
  return [...(earlier.get(body.previous_response_id) ?? []), ...(own ?? [])]
}

function conversationOf(body, items) {
  const isInstruction = ({ role }) => role === 'system' || role === 'developer'
  const names = new Map(items.map((item) => [item.call_id, item.name]))
  const format = body.text?.format
  return {
    system: [
      body.instructions,
      ...items.filter(isInstruction).map(({ content }) => textOf(content)),
    ]
      .filter(Boolean)
      .join('\n'),
    messages: items.filter((item) => !isInstruction(item)).map((item) => messageOf(item, names)),
    tools: (body.tools ?? [])
      .filter(({ type }) => type === 'function')
      .map((tool) => toolOf(tool, tool.parameters)),
    schema: format?.type === 'json_schema' ? format.schema : undefined,
  }
}

function messageOf(item, names) {
  const message = { role: item.role ?? 'assistant', text: '', calls: [], results: [] }
  if (item.type === 'function_call') {
    message.calls.push({ id: item.call_id, name: item.name, args: parsed(item.arguments) })
  } else if (item.type === 'function_call_output') {
    message.role = 'tool'
    const name = names.get(item.call_id)
    message.results.push({ id: item.call_id, name, text: textOf(item.output) })
  } else {
    message.text = textOf(item.content)
  }
  return message
}

export function answerResponses(body, reply, decide) {
  const items = itemsOf(body)
  const turn = decide(conversationOf(body, items))
  const output = body.reasoning ? [reasoningItem(), itemOf(turn)] : [itemOf(turn)]
  const response = responseOf(body, items, turn, output)
  earlier.set(response.id, [...items, ...output])
  return body.stream ? reply.events(eventsOf(response)) : reply.json(response)
}

function reasoningItem() {
  return { id: nextId('rs_'), type: 'reasoning', summary: [] }
}

function itemOf({ text, call }) {
  if (call) {
    const args = JSON.stringify(call.args)
    const ids = { id: nextId('fc_'), call_id: nextId('call_') }
    return { ...ids, type: 'function_call', status: 'completed', name: call.name, arguments: args }
  }
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }]
  return { id: nextId('msg_'), type: 'message', status: 'completed', role: 'assistant', content }
}

function responseOf(body, items, turn, output) {
  const { input, cached, output: given, reasoning } = usageOf({ ...body, items }, spokenText(turn))
  return {
    id: nextId('resp_'),
    object: 'response',
    created_at: 1_760_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: body.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    metadata: body.metadata ?? {},
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: given,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + given,
    },
  }
}

function eventsOf(response) {
  const started = { ...response, status: 'in_progress', output: [], usage: null }
  const events = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...response.output.flatMap(itemEvents),
    { type: 'response.completed', response },
  ]
  return events.map((event, sequence_number) => ({
    event: event.type,
    data: { ...event, sequence_number },
  }))
}

function itemEvents(item, output_index) {
  const at = { output_index, item_id: item.id }
  const opened = { ...item, status: 'in_progress' }
  const frame = (inner) => [
    { type: 'response.output_item.added', output_index, item: opened },
    ...inner,
    { type: 'response.output_item.done', output_index, item },
  ]
  if (item.type === 'reasoning') return frame([])
  if (item.type === 'function_call') {
    opened.arguments = ''
    return frame([
      { type: 'response.function_call_arguments.delta', ...at, delta: item.arguments },
      {
        type: 'response.function_call_arguments.done',
        ...at,
        name: item.name,
        arguments: item.arguments,
      },
    ])
  }
  opened.content = []
  const [part] = item.content
  const inPart = { ...at, content_index: 0 }
  return frame([
    { type: 'response.content_part.added', ...inPart, part: { ...part, text: '' } },
    ...piecesOf(part.text).map((delta) => ({
      type: 'response.output_text.delta',
      ...inPart,
      delta,
      logprobs: [],
    })),
    { type: 'response.output_text.done', ...inPart, text: part.text, logprobs: [] },
    { type: 'response.content_part.done', ...inPart, part },
  ])
}
