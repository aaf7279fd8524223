import { expect, it, vi } from 'vitest'
import type { AnyValue } from '../otlp/records.ts'
import { span } from '../testing/spans.ts'
import { canonicalRows } from './canonical-span.ts'
import { withEvents } from './events.ts'
import { recordedInputs } from './inputs.ts'
import type { ParameterUseRow } from './rows.ts'

/** How often the members of a span's events are looked at, of which `of` are in one attribute. */
function looksAtEvents(key: string, of: number): number {
  let looks = 0
  const event = new Proxy(new Map<string, AnyValue>(), {
    getOwnPropertyDescriptor() {
      looks++
      return undefined
    },
  })
  const events: AnyValue = Array.from({ length: of }, () => event)
  withEvents(new Map([[key, events]]), [], [])
  return looks
}

it.each(['events', 'all_messages_events', 'pydantic_ai.all_messages'])(
  'looks at each event in %s a fixed number of times',
  (key) => {
    const looks = looksAtEvents(key, 1_000)
    expect(looks).toBeGreaterThan(0)
    expect(looks).toBeLessThan(10 * 1_000)
    expect(looksAtEvents(key, 2_000)).toBeLessThanOrEqual(2 * looks)
  },
)

/** How often the names of the parameters that one span uses are read. */
function readsOfNames(of: number): number {
  let reads = 0
  const uses = Array.from({ length: of }, (_, at): ParameterUseRow => {
    return {
      get name() {
        reads++
        return `p${at}`
      },
      version: 'v',
      propensity: null,
    }
  })
  const entries = uses.map((_, at) => `r${at}=param:other${at}@v`)
  const rows = recordedInputs(span({ id: '1', attributes: { 'trace2.inputs': entries } }), {}, uses)
  expect(rows).toHaveLength(2 * of)
  return reads
}

it('reads the name of each parameter of a span a fixed number of times', () => {
  expect(readsOfNames(2_000)).toBe(2 * readsOfNames(1_000))
})

/** How often attributes of a span are looked for by name. */
function looksForAttributes(names: readonly string[]): number {
  let looks = 0
  class Counted extends Map<string, AnyValue> {
    override get(name: string) {
      looks++
      return super.get(name)
    }
    override has(name: string) {
      looks++
      return super.has(name)
    }
  }
  const attributes = new Counted(names.map((name) => [name, 'x']))
  canonicalRows({ ...span({ id: '1' }), attributes })
  return looks
}

it('looks for none of the tables’ names on a span whose attributes are not among them', () => {
  const other = (of: number) => Array.from({ length: of }, (_, at) => `http.header.${at}`)
  expect(looksForAttributes(other(10))).toBeLessThan(20)
  expect(looksForAttributes(other(1_000))).toBe(looksForAttributes(other(10)))
})

it('parses a JSON attribute once, however many of its parts are read', () => {
  let parses = 0
  const { parse } = JSON
  const counted = vi
    .spyOn(JSON, 'parse')
    .mockImplementation((...given: Parameters<typeof parse>) => {
      if (given[0].includes('cost-of-parts')) parses++
      return parse(...given)
    })
  const metrics = JSON.stringify({ prompt_tokens: 4, completion_tokens: 2, of: 'cost-of-parts' })
  const attributes = { 'langwatch.metrics': metrics }
  const { inputTokens, outputTokens } = canonicalRows(span({ id: '1', attributes })).span
  counted.mockRestore()
  expect([inputTokens, outputTokens, parses]).toEqual([4, 2, 1])
})
