import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordedRunOf, replaying, type StoredSpan } from './index.ts'

function span(spanId: string, rest: Partial<StoredSpan> = {}): StoredSpan {
  return {
    name: spanId,
    spanId,
    parentSpanId: null,
    startNs: 0n,
    endNs: 1n,
    attributes: { 'trace2.kind': 'op', 'trace2.op': spanId, ...rest.attributes },
    events: [],
    isError: false,
    droppedAttributes: 0,
    process: 'p',
    costUsd: null,
    tokens: 0,
    ...(({ attributes: _, ...others }) => others)(rest),
  }
}

test('parents in a circle are no reason not to end', async () => {
  const ids = ['root', 'a', 'b', 'c']
  const parent = fc.option(fc.constantFrom(...ids))
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(parent, parent, parent, parent),
      fc.boolean(),
      async (parents, isOp) => {
        const spans = ids.map((id, index) =>
          span(id, {
            parentSpanId: parents[index] ?? null,
            attributes: id === 'root' && !isOp ? { 'trace2.kind': 'feedback' } : {},
          }),
        )
        const run = recordedRunOf('r', spans, 'root')
        for (const [index] of run.calls.entries()) {
          const seen = new Set<number>()
          for (let at: number | null = index; at !== null; at = run.calls[at]?.parent ?? null) {
            expect(seen.has(at)).toBe(false)
            seen.add(at)
          }
        }
        const { report } = await replaying(run, {}, () => 'done')
        expect(report.ended).toBeNull()
      },
    ),
  )
})

test('only what is inside a run is part of it, in the order in which calls were made', () => {
  const at = (order: number) => ({ 'trace2.op.order': order })
  const run = recordedRunOf(
    'r',
    [
      span('late', { parentSpanId: 'http', attributes: at(9) }),
      span('root', { attributes: at(1) }),
      span('http', { parentSpanId: 'root', attributes: { 'trace2.kind': 'none' } }),
      span('early', { parentSpanId: 'http', attributes: at(2) }),
      span('beside', { attributes: at(3) }),
      span('elsewhere', { parentSpanId: 'root', process: 'q', attributes: at(0) }),
    ],
    'root',
  )
  expect(run.calls.map(({ op, parent, isLocal }) => [op, parent, isLocal])).toEqual([
    ['root', null, true],
    ['early', 0, true],
    ['late', 0, true],
    ['elsewhere', 0, false],
  ])
})

test.each<[string, StoredSpan, object]>([
  ['a cut JSON text', span('a', { attributes: json('{"a":[1,') }), { kind: 'lost' }],
  ['attributes that were dropped', span('a', { droppedAttributes: 1 }), { kind: 'lost' }],
  [
    'an output by its hash',
    span('a', { attributes: { 'trace2.output.hash': 'x' } }),
    { kind: 'lost' },
  ],
  ['an error that says nothing', span('a', { isError: true }), { kind: 'lost' }],
  ['no output', span('a'), { kind: 'value' }],
  [
    'a map, of an older recorder',
    span('a', { attributes: json('{"[Map]":[["a",1]]}') }),
    { kind: 'lost' },
  ],
  [
    'data, of an older recorder',
    span('a', { attributes: json('{"a":[1]}') }),
    { kind: 'value', value: { a: [1] } },
  ],
])('a span with %s', (_what, stored, outcome) => {
  const [call] = recordedRunOf('r', [stored], 'a').calls
  expect(call?.outcome).toMatchObject(outcome)
  expect(call?.form).toBeNull()
})

function json(text: string) {
  return { 'output.value': text, 'output.mime_type': 'application/json' }
}

test('inputs that cannot be told are not compared', () => {
  const attributes = {
    'input.value': '{"a":1,"b":"[Pool]","c":"hidden","d":"2026-01-01T00:00:00.000Z"}',
    'trace2.input.fidelity': ['opaque=b', 'masked=c', 'described=d', 'opaque=callback'],
    'trace2.input.hash.withheld': '00',
  }
  const inputsOf = (rest: object) =>
    recordedRunOf('r', [span('a', { attributes: { ...attributes, ...rest } })], 'a').calls[0]
      ?.inputs
  expect(inputsOf({})?.map(({ role, key }) => [role, key?.replace(/:.*/, '') ?? null])).toEqual([
    ['a', 'exact'],
    ['b', null],
    ['c', null],
    ['d', 'described'],
    ['withheld', 'exact'],
    ['callback', null],
  ])
  expect(inputsOf({ 'trace2.redacted': ['input'] })?.every(({ key }) => key === null)).toBe(true)
  expect(inputsOf({ 'input.value': '{"a":' })?.every(({ key }) => key === null)).toBe(true)
})
