import { expect, it } from 'vitest'
import type { LogRecord } from '../otlp/index.ts'
import { span, spanId, traceId } from '../testing/spans.ts'
import { growthOf } from '../testing/work/linear.ts'
import { canonicalRows } from './canonical-span.ts'
import { rowsOfLogs } from './logs.ts'

const record = (name: string, at: number): LogRecord => ({
  traceId: traceId('a'),
  spanId: spanId('1'),
  timeNs: BigInt(at),
  name,
  attributes: new Map([[`key ${at}`, `value ${at}`]]),
  body: name.endsWith('details') ? null : new Map([['content', `words ${at}`]]),
})

it.each([
  'gen_ai.user.message',
  'gen_ai.choice',
  'gen_ai.client.inference.operation.details',
  'gen_ai.evaluation.result',
  'something.else',
])('takes work in proportion to the logs of a span that are called %s', (name) => {
  const { large, most } = growthOf((size) => {
    const records = Array.from({ length: size }, (_, at) => record(name, at))
    const call = span({ id: '1', attributes: { 'gen_ai.operation.name': 'chat' } })
    return () => canonicalRows(call, rowsOfLogs(records).notes)
  })
  expect(large).toBeLessThan(most)
})
