import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../open.ts'
import type { AnyValue } from '../otlp/records.ts'
import type { Store } from '../store.ts'
import { span, traceId } from '../testing/spans.ts'
import { canonicalRows } from './canonical-span.ts'
import { dialects } from './dialects/index.ts'
import { withEvents } from './events.ts'
import { readableText } from './readable/index.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const keys = [
  ...new Set(
    dialects.flatMap(({ marks, kind, fields }) => [
      ...marks.map((mark) => mark.replace('*', 'x').replace(/=.*$/, '')),
      ...kind,
      ...Object.values(fields)
        .flat()
        .map((key) => key.replace(/#\/.*/, '').replace(/[*#]$/, '0.message.content')),
    ]),
  ),
]
const deep = (open: string, close: string) => open.repeat(20_000) + close.repeat(20_000)

it.each([
  ['lists', deep('[', ']')],
  ['messages', `${'{"messages":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ['inner messages', `[${'{"message":'.repeat(20_000)}{}${'}'.repeat(20_000)}]`],
])('stores a span whose %s are nested too deep to be read', async (_, text) => {
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': text }
  const output = { 'openinference.span.kind': 'LLM', 'output.value': text }
  const own = {
    'trace2.kind': 'op',
    'input.value': text,
    'trace2.param.version.p': 'v',
    'trace2.param.value.p': text,
  }
  await store.writeSpans([
    span({ id: '1', attributes }),
    span({ id: '2', attributes: output }),
    span({ id: '3', attributes: own }),
  ])
  const { nodes } = await store.graph(traceId('a'))
  expect(nodes.filter((node) => 'op' in node)).toHaveLength(3)
})

/** What may open a value inside another one, in any notation that is read. */
const openers = [
  ...['(', '[', '{', '{"a":', '[{"a":', "{'a': ", "{'a': (", 'F(', 'F(a=', 'a=F(b=[', '<A: ['],
  ...['ChatMessage(content=[', "content='", '[{"message":', '[{"content":[', '{"input":', '\\"'],
]
const places = [
  ...['input.value', 'gen_ai.output.messages', 'gen_ai.tool.definitions', 'events'],
  ...[
    'gen_ai.tool.call.result',
    'gen_ai.system_instructions',
    'llm.input_messages.0.message.content',
  ],
]

it.each(openers)('reads a span whatever is opened without end: %s', (opener) => {
  // An open quote of one notation must not hide what another one opens.
  for (const before of ['', `['"', `]) {
    const text = before + opener.repeat(9000)
    for (const place of places) {
      for (const kind of ['chat', 'execute_tool', 'chain']) {
        const attributes = { 'gen_ai.operation.name': kind, [place]: text }
        expect(canonicalRows(span({ id: '1', attributes })).failure).toBeUndefined()
      }
    }
    expect(readableText(text)).not.toBe('')
  }
})

it('takes names that every object has for names like others', async () => {
  const names = Object.getOwnPropertyNames(Object.prototype)
  expect(names).toContain('__proto__')
  const kindKeys = [...new Set(dialects.flatMap(({ kind }) => kind))]
  const spans = names.flatMap((name, row) =>
    kindKeys.map((key, column) => {
      const said = JSON.stringify([{ role: name, 'event.name': name, type: name, content: 'Hi' }])
      return span({
        id: (1 + row * kindKeys.length + column).toString(16),
        name,
        attributes: {
          ...{ [key]: name, 'gen_ai.input.messages': said, 'gen_ai.tool.name': name },
          'gen_ai.agent.name': name,
        },
      })
    }),
  )
  expect(await store.writeSpans(spans)).toMatchObject({ accepted: spans.length })
  const { rows } = await store.sql('SELECT count(*), count(DISTINCT op) FROM v_span')
  expect(rows).toEqual([[spans.length, expect.any(Number)]])
  expect((await store.graph(traceId('a'))).nodes.length).toBeGreaterThan(spans.length)
})

it('reads a span whatever stands under the keys', () => {
  const leaf = fc.oneof(fc.string(), fc.json(), fc.double(), fc.boolean(), fc.constant(null))
  const list = fc.array(leaf, { maxLength: 3 })
  const value: fc.Arbitrary<AnyValue> = fc.oneof(
    leaf,
    list,
    fc.dictionary(fc.string(), leaf).map((object) => new Map(Object.entries(object))),
    fc.constantFrom('{"__proto__":{"role":1}}', '[{"role":{},"content":[null,{"type":7}]}]'),
  )
  const attributes = fc.dictionary(fc.constantFrom(...keys), value)
  fc.assert(
    fc.property(attributes, (some) => {
      const rows = canonicalRows(span({ id: '1', attributes: some }))
      expect(rows.failure).toBeUndefined()
      const { span: canonical, parameters } = rows
      for (const captured of [canonical.input, canonical.output]) {
        if (captured && !captured.plain) JSON.parse(captured.text)
      }
      for (const parameter of parameters) JSON.parse(parameter.value)
    }),
    { numRuns: 500 },
  )
})

it('takes notes whatever they say', () => {
  const names = fc.constantFrom(
    'gen_ai.user.message',
    'gen_ai.choice',
    'gen_ai.client.inference.operation.details',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.json())), (said) => {
      const about = { traceId: traceId('a'), spanId: '1', timeNs: 0n }
      const notes = said.map(([name, body]) => ({ ...about, name, body }))
      expect(() => withEvents(new Map(), [], notes)).not.toThrow()
      expect(canonicalRows(span({ id: '1' }), notes).failure).toBeUndefined()
    }),
  )
})
