import type { Json } from '@trace2/core'
import { describe, expect, it } from 'vitest'
import { absentFrom, edgesOf, type SourcedInput, type SpanSources } from './edges.ts'
import { spanNodeId } from './parts.ts'
import { Derivation } from './rules/evaluate.ts'
import { clause, derived, equal, given, has, text, thisTrace } from './rules/language.ts'
import type { SpanTexts } from './spoken.ts'

const trace = 'a'

interface Sketch
  extends Partial<Pick<SpanSources, 'parent' | 'outputHash' | 'startNs' | 'tookNs'>> {
  readonly inputs?: readonly Partial<SourcedInput>[]
}

const span = (spanId: string, { inputs = [], ...own }: Sketch = {}) => ({
  ...{ parent: null, outputHash: null, startNs: '0', tookNs: '0', ...own },
  id: spanNodeId(trace, spanId),
  traceId: trace,
  spanId,
  inputs: inputs.map((input) => ({ ...usual, span: spanId, ...input })),
})
const usual: SourcedInput = {
  span: '',
  role: 'x',
  origin: 'value',
  how: 'exact',
  pointer: '',
  a: '',
  b: '',
  distinctive: false,
}
const told = (spanId: string, some: Partial<SpanTexts>): SpanTexts => ({
  spanId,
  parent: null,
  op: 'call',
  opKind: 'llm',
  callId: null,
  startNs: '0',
  input: null,
  output: null,
  value: null,
  ...some,
})
const said = (spanId: string, value: string) =>
  told(spanId, { output: JSON.stringify(value), value })

const found = (spans: readonly SpanSources[], texts: readonly SpanTexts[] = []) =>
  edgesOf(trace, spans, texts)
    .edges.map(({ from, to, role, how }) => `${from} ${to} ${role} ${how}`)
    .sort()

describe('edges', () => {
  it.each<[string, readonly SpanSources[], readonly string[]]>([
    [
      'a recorded use, and none that contains says again',
      [span('1'), span('2', { parent: '1' }), span('3', { parent: '1', inputs: [use('a', '2')] })],
      ['span:a:2 span:a:3 x exact', 'span:a:3 span:a:1 contains contains'],
    ],
    [
      'a use of the operator around it',
      [span('1', { inputs: [use('a', '2')] }), span('2', { parent: '1' })],
      ['span:a:2 span:a:1 x exact'],
    ],
    [
      'a use of a span of another trace that is numbered alike',
      [span('1', { inputs: [use('b', '2')] }), span('2', { parent: '1' })],
      ['span:a:2 span:a:1 contains contains', 'span:b:2 span:a:1 x exact'],
    ],
    [
      'a parameter, a link, and a kind of edge that another version writes',
      [
        span('1', {
          inputs: [
            { origin: 'parameter', a: 'p', b: '1' },
            { origin: 'link', a: 'b', b: '2', role: 'y', how: 'link' },
            { origin: 'span', a: 'b', b: '3', role: 'z', how: 'guess' },
          ],
        }),
      ],
      ['param:p@1 span:a:1 x exact', 'span:b:2 span:a:1 y link', 'span:b:3 span:a:1 z link'],
    ],
    [
      'equal values, but not of what is around or inside',
      [
        span('1', { outputHash: 'h', inputs: [value('h')] }),
        span('2', { parent: '1', outputHash: 'h' }),
        span('3', { outputHash: 'h' }),
      ],
      ['span:a:2 span:a:1 contains contains', 'span:a:3 span:a:1 x hash'],
    ],
    [
      'a value that nobody made, or that says nothing',
      [
        span('1', { outputHash: 'h' }),
        span('2', { inputs: [value('g'), { ...value('h'), role: 'y', distinctive: false }] }),
      ],
      ['value:g span:a:2 x exact', 'value:h span:a:2 y exact'],
    ],
    ['what is malformed', [span('1', { inputs: [{ origin: 'malformed', a: 'no' }] })], []],
  ])('are those of %s', (_what, spans, edges) => {
    expect(found(spans)).toEqual(edges)
  })

  it('follow words, call ids and arguments from stranger to stranger', () => {
    const spans = ['1', '2', '3', '4'].map((id) => span(id))
    const tool = told('3', { opKind: 'tool', callId: 'call_1' })
    expect(
      found(spans, [
        said('1', 'eight or more'),
        told('2', { input: '"of eight or more: call_1"', output: '"call_1"', value: '' }),
        tool,
        told('4', { input: '"short"' }),
      ]),
    ).toEqual([
      'span:a:1 span:a:2 input text',
      'span:a:2 span:a:3 arguments text',
      'span:a:3 span:a:2 input text',
    ])
  })

  describe('of calls that a model asked for', () => {
    const output = (id: string) => ({
      role: 'assistant',
      tool_calls: [{ id, name: 'find', arguments: { city: 'Lyon' } }],
    })
    const asking = (spanId: string, id: string) =>
      told(spanId, { output: JSON.stringify(output(id)), value: output(id) })
    const unnumbered = (spanId: string) => {
      const value = { tool_calls: [{ name: 'find', arguments: { city: 'Lyon' } }] }
      return told(spanId, { output: JSON.stringify(value), value })
    }
    const hearing = (spanId: string, id: string) =>
      told(spanId, { input: JSON.stringify([{ role: 'tool', tool_call_id: id, content: 7 }]) })
    const tool = (spanId: string, callId: string | null) =>
      told(spanId, {
        opKind: 'tool',
        op: 'find',
        callId,
        input: '{"city":"Lyon"}',
        output: '7',
        value: 7,
      })

    it.each<[string, readonly SpanSources[], readonly SpanTexts[], readonly string[]]>([
      [
        'from model to model, where no span executes the call',
        [span('1'), span('2')],
        [asking('1', 'call_1'), hearing('2', 'call_1')],
        ['span:a:1 span:a:2 input text'],
      ],
      [
        'through the tool where there is one',
        [span('1'), span('2'), span('3')],
        [asking('1', 'call_1'), hearing('2', 'call_1'), tool('3', 'call_1')],
        ['span:a:1 span:a:3 arguments text', 'span:a:3 span:a:2 input text'],
      ],
      [
        'through a tool that only its name and arguments connect',
        [span('1'), span('2'), span('3')],
        [asking('1', 'call_1'), hearing('2', 'call_1'), tool('3', null)],
        ['span:a:1 span:a:3 arguments text', 'span:a:3 span:a:2 input text'],
      ],
      [
        'to a tool that got its id from a framework, where the call had none',
        [span('1'), span('2'), span('3')],
        [unnumbered('1'), tool('3', 'adk-1')],
        ['span:a:1 span:a:3 arguments text'],
      ],
      [
        'to no tool where two calls without ids have the same arguments',
        [span('1'), span('2'), span('3')],
        [unnumbered('1'), unnumbered('2'), tool('3', 'adk-1')],
        [],
      ],
      [
        'to no tool where two calls have the same arguments and it has no id',
        [span('1'), span('2'), span('3')],
        [asking('1', 'call_1'), asking('2', 'call_2'), tool('3', null)],
        [],
      ],
      [
        'to as many tools as there are equal calls, in the order of their starts',
        ['1', '2', '3', '4'].map((id, at) => span(id, { startNs: String(at) })),
        [
          unnumbered('1'),
          { ...tool('2', null), startNs: '1' },
          { ...unnumbered('3'), startNs: '2' },
          { ...tool('4', null), startNs: '3' },
        ],
        ['span:a:1 span:a:2 arguments text', 'span:a:3 span:a:4 arguments text'],
      ],
      [
        'to the tool beside it, where two agents at once ask for the same',
        ['1', '2', '3', '4'].map((id, at) => span(id, { startNs: String(at) })),
        [
          { ...unnumbered('1'), parent: 'x' },
          { ...unnumbered('2'), parent: 'y', startNs: '1' },
          { ...tool('3', null), parent: 'y', startNs: '2' },
          { ...tool('4', null), parent: 'x', startNs: '3' },
        ],
        ['span:a:1 span:a:4 arguments text', 'span:a:2 span:a:3 arguments text'],
      ],
      [
        'to the tool that has the id of a framework, where no call has it',
        [span('1'), span('2'), span('3')],
        [asking('1', 'call_1'), hearing('2', 'call_1'), tool('3', 'run-1')],
        ['span:a:1 span:a:3 arguments text', 'span:a:3 span:a:2 input text'],
      ],
      [
        'by what is asked for, where each answer counts its calls anew',
        ['1', '2', '3', '4'].map((id) => span(id)),
        [
          asking('1', 'call_0'),
          tool('2', 'call_0'),
          told('3', {
            output: '{"tool_calls":[{"id":"call_0","name":"weigh","arguments":{"parcel":7}}]}',
            value: { tool_calls: [{ id: 'call_0', name: 'weigh', arguments: { parcel: 7 } }] },
          }),
          { ...tool('4', 'call_0'), op: 'weigh', input: '{"parcel":7}' },
          hearing('5', 'call_0'),
        ],
        ['span:a:1 span:a:2 arguments text', 'span:a:3 span:a:4 arguments text'],
      ],
      [
        'to nobody who heard of a call with a longer id',
        [span('1'), span('2')],
        [asking('1', 'call_1'), hearing('2', 'call_10')],
        [],
      ],
      [
        'to no tool of another name that was called with the same',
        [span('1'), span('2'), span('3')],
        [unnumbered('1'), tool('2', null), { ...tool('3', null), op: 'weigh' }],
        ['span:a:1 span:a:2 arguments text'],
      ],
      [
        'to a tool inside the model, and not back',
        [span('1'), span('3', { parent: '1' })],
        [asking('1', 'call_1'), tool('3', 'call_1')],
        ['span:a:1 span:a:3 arguments text'],
      ],
    ])('lead %s', (_what, spans, texts, edges) => {
      expect(found(spans, texts)).toEqual(edges)
    })
  })

  it('follow long texts of chains, and of their members', () => {
    const chain = (id: string, value: Json) =>
      told(id, { opKind: 'chain', output: JSON.stringify(value), value })
    const facts = 'The parcel lies in Lyon.'
    expect(
      found(
        ['1', '2', '3', '4'].map((id) => span(id)),
        [
          chain('1', { facts, note: 'In Lyon.' }),
          chain('2', `${facts} So it is.`),
          told('3', { input: JSON.stringify({ facts }) }),
          told('4', { input: JSON.stringify({ all: `${facts} So it is. In Lyon.` }) }),
        ],
      ),
    ).toEqual([
      'span:a:1 span:a:3 input text',
      'span:a:1 span:a:4 input text',
      'span:a:2 span:a:4 input text',
    ])
  })

  describe('of chains', () => {
    const facts = 'The parcel lies in Lyon.'
    const hears = told('3', { input: JSON.stringify({ facts }) })
    const spans = ['1', '2', '3'].map((id) => span(id))
    const chain = (some: Partial<SpanTexts>) =>
      told('2', { opKind: 'chain', output: JSON.stringify(facts), value: facts, ...some })

    it('lead from where a chain got what it passes on', () => {
      const passing = chain({ input: JSON.stringify({ facts }) })
      expect(found(spans, [said('1', facts), passing, hears])).toEqual([
        'span:a:1 span:a:2 input text',
        'span:a:1 span:a:3 input text',
      ])
    })

    it('lead from what runs in a chain and says what it gives', () => {
      const inside = { ...said('1', facts), parent: '2' }
      expect(
        found([span('1', { parent: '2' }), ...spans.slice(1)], [inside, chain({}), hears]),
      ).toEqual(['span:a:1 span:a:2 contains contains', 'span:a:1 span:a:3 input text'])
    })

    it('do not follow what Python prints of an object', () => {
      const value = "Event(text='The parcel lies in Lyon.')"
      const printed = chain({ output: JSON.stringify(value), value })
      expect(found(spans, [printed, told('3', { input: JSON.stringify(value) })])).toEqual([])
    })
  })

  it('leave out a model call that only holds another one', () => {
    const request = '{"role":"user","content":"Where is the parcel?"}'
    const held = { ...said('2', 'It is in Lyon now.'), parent: '1', input: request }
    const holder = { ...said('1', 'It is in Lyon now.'), input: request }
    const next = told('3', { input: JSON.stringify('It is in Lyon now.') })
    const spans = [span('1'), span('2', { parent: '1' }), span('3')]
    expect(found(spans, [holder, held, next])).toEqual([
      'span:a:2 span:a:1 contains contains',
      'span:a:2 span:a:3 input text',
    ])
  })

  it('keep a model call whose client tells it again without what was said', () => {
    const request = '{"role":"user","content":"Where is the parcel?"}'
    const held = {
      ...said('2', 'It is in Lyon now.'),
      parent: '1',
      input: null,
      output: null,
      value: null,
    }
    const holder = { ...said('1', 'It is in Lyon now.'), input: request }
    const next = told('3', { input: JSON.stringify('It is in Lyon now.') })
    const spans = [span('1'), span('2', { parent: '1' }), span('3')]
    expect(found(spans, [holder, held, next])).toEqual([
      'span:a:1 span:a:3 input text',
      'span:a:2 span:a:1 contains contains',
    ])
  })

  describe('in time', () => {
    const at = (spanId: string, start: number, end: number, more: Sketch = {}) =>
      span(spanId, { ...more, startNs: String(start), tookNs: String(end - start) })
    const words = [said('1', 'eight or more'), told('2', { input: '"of eight or more"' })]

    it.each<[string, readonly SpanSources[], readonly string[]]>([
      ['lead on', [at('1', 0, 5), at('2', 5, 9)], ['span:a:1 span:a:2 input text']],
      [
        'lead on where clocks differ',
        [at('1', 0, 5), at('2', 4, 9)],
        ['span:a:1 span:a:2 input text'],
      ],
      ['do not lead back', [at('1', 5, 9), at('2', 0, 4)], []],
      ['do not lead to what had ended', [at('1', 0, 9), at('2', 1, 4)], []],
    ])('%s', (_what, spans, edges) => {
      expect(found(spans, words)).toEqual(edges)
    })

    it('follow an id that one call alone has, whatever clocks say', () => {
      const output = { tool_calls: [{ id: 'call_7', name: 'find', arguments: {} }] }
      const asking = told('1', { output: JSON.stringify(output), value: output })
      const tool = told('2', { opKind: 'tool', op: 'find', callId: 'call_7' })
      const hearing = told('3', { input: '[{"role":"tool","tool_call_id":"call_7"}]' })
      const spans = [at('1', 5, 9), at('2', 3, 4), at('3', 1, 2)]
      expect(found(spans, [asking, tool, hearing])).toEqual([
        'span:a:1 span:a:2 arguments text',
        'span:a:2 span:a:3 input text',
      ])
    })

    it('do not lead back to an equal value', () => {
      const made = (start: number) => at('1', start, start + 1, { outputHash: 'h' })
      const given = at('2', 3, 4, { inputs: [value('h')] })
      expect(found([made(5), given])).toEqual(['value:h span:a:2 x exact'])
      expect(found([made(1), given])).toEqual(['span:a:1 span:a:2 x hash'])
    })
  })

  it('follow no equal words of another tool, where ids say whose they are', () => {
    const nothing = JSON.stringify('No such parcel.')
    const tool = (spanId: string, callId: string) =>
      told(spanId, { ...{ opKind: 'tool', callId, output: nothing, value: 'No such parcel.' } })
    const hearing = (spanId: string, id: string) =>
      told(spanId, {
        input: JSON.stringify([{ role: 'tool', tool_call_id: id, content: 'No such parcel.' }]),
      })
    expect(
      found(
        ['1', '2', '3', '4'].map((id) => span(id)),
        [tool('1', 'call_1'), tool('2', 'call_2'), hearing('3', 'call_1'), hearing('4', 'call_2')],
      ),
    ).toEqual(['span:a:1 span:a:3 input text', 'span:a:2 span:a:4 input text'])
  })

  it('follow a call that a model types into its text, and what it hears of it', () => {
    const typed = 'Action: find\nInput: {"city": "Lyon", "days": [1,2]}'
    const heard = JSON.stringify([{ content: 'Observation: {"sky": "clear", "wind": 3}' }])
    const tool = told('2', {
      ...{ opKind: 'tool', op: 'find', input: '{"city":"Lyon","days":[1,2]}' },
      ...{ output: '{"sky":"clear","wind":3}', value: { sky: 'clear', wind: 3 } },
    })
    const spans = ['1', '2', '3'].map((id) => span(id))
    expect(found(spans, [said('1', typed), tool, told('3', { input: heard })])).toEqual([
      'span:a:1 span:a:2 arguments text',
      'span:a:2 span:a:3 input text',
    ])
  })

  it('name the producers that are not among the spans', () => {
    const one = span('1', { inputs: [use('a', '9'), use('a', '2'), use('b', '1')] })
    expect(absentFrom(trace, [one, span('2')])).toEqual(['span:a:9', 'span:b:1'])
  })
})

describe('a rule', () => {
  const one = given('one', ['key', 'value'])
  const facts = (rows: readonly Record<string, string | null>[]) => ({
    traceId: 'a',
    rows: new Map([[one, rows]]),
    nested: () => false,
    ran: () => undefined,
  })

  it('does not take null for equal to null', () => {
    const pairs = derived(
      'pairs',
      ['left', 'right'],
      [
        clause({ a: one, b: one }, ({ a, b }) => ({
          where: [equal(a.key, b.value)],
          gives: { left: a.value, right: b.key },
        })),
      ],
    )
    const rows = [
      { key: null, value: 'k' },
      { key: 'k', value: null },
    ]
    expect(new Derivation(facts(rows)).rowsOf(pairs)).toEqual([{ left: null, right: null }])
  })

  it('tells apart rows whose values are one text when they are joined', () => {
    const known = derived(
      'known',
      ['key', 'value'],
      [clause({ a: one }, ({ a }) => ({ where: [equal(a.key, text('x'))], gives: { ...a } }))],
    )
    const others = derived(
      'others',
      ['key', 'value'],
      [
        clause({ a: one }, ({ a }) => ({
          where: [],
          unless: has(known, { key: a.key, value: a.value }),
          gives: { ...a },
        })),
      ],
    )
    const rows = [
      { key: 'x', value: 'yz' },
      { key: 'xy', value: 'z' },
    ]
    expect(new Derivation(facts(rows)).rowsOf(others)).toEqual([{ key: 'xy', value: 'z' }])
  })

  it('is refused where it does not join its rows by one condition', () => {
    const crossed = derived(
      'crossed',
      ['key'],
      [
        clause({ a: one, b: one }, ({ a }) => ({
          where: [equal(a.key, thisTrace)],
          gives: { key: a.key },
        })),
      ],
    )
    expect(() => new Derivation(facts([])).rowsOf(crossed)).toThrow(RangeError)
  })
})

function use(a: string, b: string): Partial<SourcedInput> {
  return { origin: 'span', a, b }
}

function value(a: string): Partial<SourcedInput> {
  return { a, distinctive: true }
}
