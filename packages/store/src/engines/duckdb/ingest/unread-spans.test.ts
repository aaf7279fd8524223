import { diag } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore } from '../../../open.ts'
import type { Store } from '../../../store.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'
import { unreadable } from '../../../testing/unreadable.ts'

let store: Store
const said = vi.fn()
beforeEach(async () => {
  diag.setLogger({ error: said, warn: said, info() {}, debug() {}, verbose() {} })
  store = await openStore(':memory:')
})
afterEach(async () => {
  await store.close()
  diag.disable()
  said.mockClear()
})

it('stores a span whose reading fails as it was received, and the others of its request as ever', async () => {
  const good = span({ id: '1', attributes: { 'gen_ai.operation.name': 'chat' } })
  expect(await store.writeSpans([unreadable(), good])).toMatchObject({ accepted: 2 })
  const { rows } = await store.sql(
    `SELECT span_id, dialect, op_kind, input, attributes ->> 'gen_ai.input.messages' FROM v_span ORDER BY span_id`,
  )
  expect(rows).toEqual([
    [spanId('1'), 'gen_ai_1_36', 'llm', null, null],
    [spanId('f00d'), 'unread', null, null, '[{"role":"user","content":"Hello."}]'],
  ])
  expect((await store.graph(traceId('a'))).nodes).toHaveLength(2)
})

it('says so in the log with a code, once', async () => {
  await store.writeSpans([unreadable('1'), unreadable('2')])
  await store.writeSpans([unreadable('3')])
  expect(said.mock.calls).toEqual([
    [expect.stringMatching(/^T2_SPAN_UNREAD: 2 spans could not be read .*Maximum call stack/)],
  ])
})
