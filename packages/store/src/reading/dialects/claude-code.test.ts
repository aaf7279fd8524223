import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../../open.ts'
import type { Store } from '../../store.ts'
import { span, traceId } from '../../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const question = 'Which port does the server of this project listen on?'
const found = 'const port = Number(process.env.PORT ?? 8127)'
const reply = 'It listens on port 8127, unless PORT says another.'
const common = { 'session.id': 's-1', 'user.id': 'u-1' }
const request = (usage: Readonly<Record<string, number>>, said: object) => ({
  ...common,
  ...{ 'span.type': 'llm_request', 'gen_ai.system': 'anthropic', model: 'claude-x' },
  ...usage,
  ...said,
})

/** A turn: a request, a tool that waits for permission and runs, and another request. */
const turn = [
  span({
    id: '1',
    name: 'claude_code.interaction',
    attributes: { ...common, 'span.type': 'interaction', user_prompt: question },
  }),
  span({
    ...{ id: '2', parent: '1', at: 1, name: 'claude_code.llm_request' },
    attributes: request(
      { input_tokens: 4, cache_read_tokens: 900, cache_creation_tokens: 96, output_tokens: 20 },
      { new_context: question, 'response.model_output': 'I look into the file.' },
    ),
  }),
  span({
    ...{ id: '3', parent: '1', at: 2, name: 'claude_code.tool' },
    attributes: {
      ...{ ...common, 'span.type': 'tool', tool_name: 'Read', tool_use_id: 'toolu_1' },
      tool_input: '{"file_path":"server.ts"}',
    },
    events: [{ name: 'tool.output', attributes: { output: found } }],
  }),
  span({
    ...{ id: '4', parent: '3', at: 3, name: 'claude_code.tool.blocked_on_user' },
    attributes: { ...common, 'span.type': 'tool.blocked_on_user' },
  }),
  span({
    ...{ id: '5', parent: '1', at: 4, name: 'claude_code.llm_request' },
    attributes: request(
      { input_tokens: 6, cache_read_tokens: 1000, output_tokens: 30 },
      { new_context: `[TOOL RESULT: toolu_1]\n${found}`, 'response.model_output': reply },
    ),
  }),
]

it('reads a turn of Claude Code', async () => {
  await store.writeSpans(turn)
  const { rows } = await store.sql(`
    SELECT op, op_kind, kind, model, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens
    FROM v_span WHERE dialect = 'claude_code' ORDER BY start_ns`)
  expect(rows).toEqual([
    ['claude_code.interaction', 'agent', 'op', null, null, null, null, null],
    ['chat', 'llm', 'op', 'claude-x', 1000, 900, 96, 20],
    ['Read', 'tool', 'op', null, null, null, null, null],
    ['claude_code.tool.blocked_on_user', 'wait', 'aside', null, null, null, null, null],
    ['chat', 'llm', 'op', 'claude-x', 1006, 1000, null, 30],
  ])
  expect(await store.runs()).toMatchObject([
    { name: 'claude_code.interaction', session: 's-1', user: 'u-1', inputTokens: 2006, spans: 4 },
  ])
})

it('leads from what a tool gave to the request that heard it', async () => {
  await store.writeSpans(turn)
  const { nodes, edges } = await store.graph(traceId('a'))
  const tool = nodes.find((node) => 'op' in node && node.op === 'Read')
  expect(tool).toMatchObject({ inputs: { input: { file_path: 'server.ts' } }, value: found })
  expect(edges.filter(({ how }) => how !== 'contains')).toContainEqual(
    expect.objectContaining({ from: tool?.id, to: expect.stringContaining(turn[4]?.spanId ?? '') }),
  )
})

it('takes no span of others that says its type for one', async () => {
  await store.writeSpans([span({ id: '1', attributes: { 'span.type': 'web', model: 'm' } })])
  const { rows } = await store.sql('SELECT dialect, op_kind, model FROM v_span')
  expect(rows).toEqual([['otel', null, null]])
})
