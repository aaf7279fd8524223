import { expect, it } from 'vitest'
import type { AnyValue } from '../otlp/records.ts'
import { span } from '../testing/spans.ts'
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
