import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { recordSpans } from '../testing/record.ts'
import { executed, record as recordRun, step } from '../testing/replays.ts'
import { type RecordedCall, replaying } from './index.ts'

const spans = recordSpans()
beforeEach(() => spans.reset())
afterAll(() => spans.stop())
const record = (agent: () => unknown) => recordRun(spans, agent)

describe('calls are told apart', () => {
  test('by their inputs, whatever the order in which they are made', async () => {
    const find = step('find', async (query: string) => `found ${query}`)
    const both = (...queries: string[]) => run('agent', async () => Promise.all(queries.map(find)))
    const { run: kept } = await record(() => both('first', 'second')())
    const { result, report } = await replaying(kept, {}, () => both('second', 'first')())
    expect(result).toEqual(['found second', 'found first'])
    expect(report).toMatchObject({ executed: {}, unused: {} })
  })

  test('in their recorded order where they are asked the same, retries among them', async () => {
    let calls = 0
    const roll = step('roll', async () => {
      calls++
      if (calls === 2) throw new Error('try again')
      return calls
    })
    const agent = run('agent', async () => {
      const seen: unknown[] = []
      for (let count = 0; count < 4; count++) {
        try {
          seen.push(await roll())
        } catch (error) {
          seen.push(String(error))
        }
      }
      return seen
    })
    const { output, run: kept } = await record(() => agent())
    expect(output).toEqual([1, 'Error: try again', 3, 4])
    const { result } = await replaying(kept, {}, () => agent())
    expect(result).toEqual(output)
    expect(executed).toEqual([])
  })

  test('with more of them than are recorded, the rest is new; with fewer, some are unused', async () => {
    const find = step('find', (query: string) => query.length)
    const times = run('agent', async (count: number) => {
      for (let done = 0; done < count; done++) find('the same')
    })
    const { run: kept } = await record(() => times(2))
    const more = await replaying(kept, {}, () => times(3))
    expect(more.report).toMatchObject({
      served: { find: 2 },
      executed: { find: 1 },
      fresh: { find: 1 },
    })
    const fewer = await replaying(kept, {}, () => times(1))
    expect(fewer.report).toMatchObject({ served: { find: 1 }, executed: {}, unused: { find: 1 } })
  })

  test('by what an instance with hidden state is not told by: such a call is made again', async () => {
    class Ledger {
      #sum = 0
      add(n: number) {
        this.#sum += n
        return this.#sum
      }
    }
    const total = step('total', (ledger: Ledger) => ledger.add(0))
    const agent = run('agent', async (n: number) => {
      const ledger = new Ledger()
      ledger.add(n)
      return total(ledger)
    })
    const { run: kept } = await record(() => agent(1))
    const { result, report } = await replaying(kept, {}, () => agent(2))
    expect(result).toBe(2)
    expect(report.reasons.total).toContain('its input ledger cannot be compared')
  })

  test('but not by inputs that are volatile, as the operator or the policy says', async () => {
    const options = { step: 'tool', volatile: ['id'] } as const
    const send = step('send', (text: string, id: string) => `sent ${text} ${id.length}`, options)
    const note = step('note', (text: string, _at: number) => text, { step: 'tool' })
    let count = 0
    const agent = run('agent', async () => {
      count++
      return [send('a text', `request ${count}`), note('a note', count)]
    })
    const { output, run: kept } = await record(() => agent())
    const { result } = await replaying(kept, { note: { volatile: ['_at'] } }, () => agent())
    expect(result).toEqual(output)
    expect(executed).toEqual([])
  })

  test('by the source of the function, its own and that of the steps inside', async () => {
    const times = (factor: number) =>
      bundle('times', new Function('n', `return n * ${factor}`) as (n: number) => number, {
        inputs: ['n'],
      })
    let inner = times(2)
    const outer = step('outer', async (n: number) => inner(n))
    const agent = run('agent', async () => [inner(3), await outer(3)])
    const { run: kept } = await record(() => agent())
    const same = await replaying(kept, {}, () => agent())
    expect(same.report.served).toEqual({ outer: 1, times: 1 })
    inner = times(3)
    // As in a process that has loaded the program as it is now, and nothing else.
    const elsewhere = { ...kept, calls: kept.calls.map(withOtherSourceOf('times')) }
    const { result, report } = await replaying(elsewhere, {}, () => agent())
    expect(result).toEqual([9, 9])
    expect(report).toMatchObject({ executed: { outer: 1, times: 2 }, fresh: {}, unused: {} })
    expect(report.reasons).toMatchObject({
      times: 'its source has changed',
      outer: 'the source of times inside it has changed',
    })
  })
})

function withOtherSourceOf(op: string): (call: RecordedCall) => RecordedCall {
  return (call) => (call.op === op ? { ...call, source: '0123456789abcdef' } : call)
}
