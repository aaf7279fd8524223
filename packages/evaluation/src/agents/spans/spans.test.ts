import { parameterVersion } from '@trace2/core'
import { decodeTraces } from '@trace2/store/otlp'
import { expect, test } from 'vitest'
import { parametersUsed } from './parameters-used.ts'
import { usageOf } from './usage.ts'

const ids = { traceId: '1'.repeat(32) }

function spansOf(...attributes: readonly Readonly<Record<string, string | number>>[]) {
  const spans = attributes.map((each, index) => ({
    ...ids,
    spanId: String(index + 1).padStart(16, '0'),
    attributes: Object.entries(each).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
    })),
  }))
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
  return decodeTraces(Buffer.from(body), 'json').spans
}

test('parameters are told with all versions that were used', () => {
  const [warm, cool] = [parameterVersion('warm'), parameterVersion('cool')]
  const spans = spansOf(
    { 'trace2.kind': 'run', 'trace2.param.version.tone': warm },
    { 'trace2.kind': 'op', 'trace2.param.version.tone': cool, 'trace2.param.version.a.b': warm },
    { 'trace2.kind': 'op', [`trace2.param.version.tone@${warm}`]: warm },
  )
  expect(parametersUsed(spans)).toEqual(
    new Map([
      ['tone', new Set([warm, cool])],
      ['a.b', new Set([warm])],
    ]),
  )
  expect(parametersUsed([])).toEqual(new Map())
})

test('usage is summed over conventions, by model, and the sum that an agent shows is not counted again', () => {
  const spans = spansOf(
    { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': 30 },
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'small',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 1,
    },
    {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'small',
      'llm.token_count.prompt': 20,
      'llm.token_count.completion': 2,
      'llm.cost.total': 0.5,
    },
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'large',
      'gen_ai.usage.output_tokens': 4,
    },
    { 'input.value': 'nothing of a model' },
  )
  expect(usageOf(spans)).toEqual({
    calls: 3,
    inputTokens: 30,
    outputTokens: 7,
    costUsd: 0.5,
    models: [
      { model: 'small', calls: 2, inputTokens: 30, outputTokens: 3, costUsd: 0.5 },
      { model: 'large', calls: 1, inputTokens: 0, outputTokens: 4, costUsd: null },
    ],
  })
  expect(usageOf([])).toEqual({
    calls: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    models: [],
  })
})
