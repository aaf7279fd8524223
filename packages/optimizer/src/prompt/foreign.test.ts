import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { span, traceId } from '../../../store/src/testing/spans.ts'
import { optimize } from '../step/optimize.ts'
import { tokenizerFor } from './index.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const json = JSON.stringify
const system =
  'You are the support agent of a parcel service. Answer in one sentence, and name the depot.'
const question =
  'Where is my order A-1042, and when will it arrive at my door? I have waited for a week.'
const results = [
  '{"order": "A-1042", "status": "left the depot", "depot": "Hamburg", "weight_kg": 2.4}',
  'The parcel of order A-1042 is planned for Wednesday between nine and twelve in the morning.',
] as const
const answer =
  'Your order A-1042 has left the depot in Hamburg and arrives on Wednesday between nine and twelve.'
const tools = ['get_order', 'get_schedule'] as const

const details = (id: string) => ({
  additional_kwargs: { refusal: null },
  response_metadata: {
    token_usage: {
      ...{ completion_tokens: 20, prompt_tokens: 120, total_tokens: 140 },
      completion_tokens_details: { accepted_prediction_tokens: 0, audio_tokens: 0 },
      prompt_tokens_details: { audio_tokens: 0, cached_tokens: 0 },
    },
    ...{ model_provider: 'openai', model_name: 'small', system_fingerprint: 'fp_44709d6fcb' },
    ...{ id: 'chatcmpl-AbC123dEf', finish_reason: 'stop', logprobs: null },
  },
  id: `lc_run--01a21fad-bb43-718e-b5b3-${id.padStart(12, '0')}-0`,
  ...{ invalid_tool_calls: [], name: 'support' },
  usage_metadata: { input_tokens: 120, output_tokens: 20, total_tokens: 140 },
})
const packed = (type: string, of: object, id: string) => ({
  type,
  data: { ...of, type, ...details(id) },
})
const callOf = (turn: number) => ({
  ...{ name: tools[turn] ?? '', args: { order_id: 'A-1042' }, id: `call_${turn}` },
  type: 'tool_call',
})

/** The state of the graph, message by message. */
const state = [
  packed('human', { content: question }, '1'),
  packed('ai', { content: '', tool_calls: [callOf(0)] }, '2'),
  packed('tool', { content: results[0], tool_call_id: 'call_0' }, '3'),
  packed('ai', { content: '', tool_calls: [callOf(1)] }, '4'),
  packed('tool', { content: results[1], tool_call_id: 'call_1' }, '5'),
  packed('ai', { content: answer, tool_calls: [] }, '6'),
]

const chain = (id: string, parent: string | undefined, at: number, io: [unknown, unknown]) =>
  span({
    ...{ id, at, name: id.startsWith('1') ? 'support' : 'agent', ...(parent ? { parent } : {}) },
    attributes: {
      'openinference.span.kind': 'CHAIN',
      'input.value': json(io[0]),
      'input.mime_type': 'application/json',
      'output.value': json(io[1]),
      'output.mime_type': 'application/json',
    },
  })

/** A run of a graph with three model calls and two tools, as OpenInference records LangGraph. */
function run() {
  const spans = [chain('1', undefined, 0, [{ messages: state.slice(0, 1) }, { messages: state }])]
  for (const turn of [0, 1, 2]) {
    const before = state.slice(0, 1 + 2 * turn)
    const said = state.slice(1 + 2 * turn, 2 + 2 * turn)
    const at = 10 * (turn + 1)
    const given = { messages: before, remaining_steps: 9999 }
    spans.push(chain(`${at}`, '1', at, [given, { messages: said }]))
    spans.push(chain(`${at + 1}`, `${at}`, at + 1, [given, said[0]]))
    const call = turn < 2 ? [callOf(turn)] : []
    spans.push(
      span({
        ...{ id: `${at + 2}`, parent: `${at + 1}`, at: at + 2, name: 'ChatOpenAI' },
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'small',
          'input.value': json({
            messages: [[packed('system', { content: system }, '0'), ...before]],
          }),
          'output.value': json({
            generations: [[{ message: said[0], text: turn < 2 ? '' : answer }]],
          }),
          ...modelMessages(turn),
          ...Object.fromEntries(
            call.flatMap(({ name, args, id }) => [
              ['llm.output_messages.0.message.tool_calls.0.tool_call.id', id],
              ['llm.output_messages.0.message.tool_calls.0.tool_call.function.name', name],
              [
                'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments',
                json(args),
              ],
            ]),
          ),
        },
      }),
    )
    if (turn === 2) break
    spans.push(
      span({
        ...{ id: `${at + 3}`, parent: '1', at: at + 3, name: tools[turn] ?? '' },
        attributes: {
          'openinference.span.kind': 'TOOL',
          'tool.name': tools[turn] ?? '',
          'input.value': json(callOf(turn).args),
          'output.value': json(state[2 + 2 * turn]),
        },
      }),
    )
  }
  return spans
}

/** The messages of a model call as OpenInference numbers them. */
function modelMessages(turn: number): Record<string, string> {
  const said = [
    { role: 'system', content: system },
    { role: 'user', content: question },
  ] as {
    role: string
    content?: string
    id?: string
    call?: ReturnType<typeof callOf>
  }[]
  for (let before = 0; before < turn; before++) {
    said.push({ role: 'assistant', call: callOf(before) })
    said.push({ role: 'tool', content: results[before] ?? '', id: `call_${before}` })
  }
  const found: Record<string, string> = {}
  for (const [at, { role, content, id, call }] of said.entries()) {
    const key = `llm.input_messages.${at}.message`
    found[`${key}.role`] = role
    if (content !== undefined) found[`${key}.content`] = content
    if (id !== undefined) found[`${key}.tool_call_id`] = id
    if (call) {
      const of = `${key}.tool_calls.0.tool_call`
      found[`${of}.id`] = call.id
      found[`${of}.function.name`] = call.name
      found[`${of}.function.arguments`] = json(call.args)
    }
  }
  found['llm.output_messages.0.message.role'] = 'assistant'
  if (turn === 2) found['llm.output_messages.0.message.content'] = answer
  return found
}

async function prompt(spans = run()): Promise<string> {
  await store.writeSpans(spans)
  await store.addFeedback({
    ...{ traceId: traceId('a'), spanId: null, name: 'score', score: 0, label: null },
    ...{ comment: 'It must say which door.', source: 'human' },
  })
  const { preview } = await optimize(store, { dryRun: true, model: 'gpt-4o-mini' })
  return preview?.messages.at(-1)?.content ?? ''
}

it('shows a run of LangGraph as its conversation: each message once and whole, and no packaging', async () => {
  const text = await prompt()
  const data = text.slice(text.indexOf('# Inputs'))
  const tokenizer = await tokenizerFor('gpt-4o-mini')
  for (const said of [question, results[1], answer]) {
    expect(data.split(said).length - 1, said).toBeGreaterThanOrEqual(1)
    expect(data.split(said).length - 1, said).toBeLessThanOrEqual(2)
  }
  expect(data).toContain('"depot":"Hamburg"')
  expect(text.split(system)).toHaveLength(2)
  for (const name of tools) expect(data).toContain(`${name}({"order_id":"A-1042"})`)
  // The arguments with which a tool was called stand in the call that asked for it.
  expect(data).not.toContain('>\n{"order_id":"A-1042"}\n<')
  expect(data).not.toMatch(
    /kwargs|metadata|usage|lc_run|fingerprint|chatcmpl|invalid_tool|remaining_steps|refusal|"data"/,
  )
  const stored = run().reduce((sum, { attributes }) => {
    return (
      sum + [...attributes.values()].reduce<number>((of, value) => of + String(value).length, 0)
    )
  }, 0)
  expect(stored).toBeGreaterThan(15_000)
  // The six messages are about 130 tokens, and what stands around them.
  expect(tokenizer.count(data)).toBeLessThan(700)
})

it('shows no value of a step that recorded none, and nothing of what holds nothing', async () => {
  const tool = { 'openinference.span.kind': 'TOOL', 'tool.name': 'get_stock', 'input.value': '{}' }
  const silent = span({ id: 'f0', parent: '30', at: 29, name: 'get_stock', attributes: tool })
  const text = await prompt([...run(), silent])
  expect(text).not.toMatch(/<(?:value|input)[^>]* (?:name|role)="get_stock1"/)
  expect(text).not.toMatch(/>\n(?:null|\{\}|\[\])?\n<\//)
})

it('shows as output of a span that recorded none the answer inside it, and whose it is', async () => {
  const server = span({ id: 'f', name: 'POST /ask', attributes: { 'http.request.method': 'POST' } })
  const inside = run().map((one) =>
    one.parentSpanId ? one : { ...one, parentSpanId: server.spanId },
  )
  const text = await prompt([server, ...inside])
  const outputs = text.slice(text.indexOf('# Outputs'), text.indexOf('# Feedback'))
  expect(outputs).toMatch(/<output run="1" name="POST_\/ask1" answer_of="support\d" /)
  expect(outputs).toContain(answer)
})
