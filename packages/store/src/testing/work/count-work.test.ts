import { expect, it } from 'vitest'
import { messagesOf, saidBy } from '../../reading/messages.ts'
import { growthOf } from './linear.ts'

const numbers = (size: number) => Array.from({ length: size }, (_, at) => at)

it.each<[string, (size: number) => void]>([
  [
    'looking through a list for each item of another',
    (size) => {
      const list = numbers(size)
      for (const item of list) list.includes(-item)
    },
  ],
  [
    'copying a list for each item',
    (size) => {
      let list: number[] = []
      for (const item of numbers(size)) list = [...list, item]
    },
  ],
  [
    'copying a map for each item',
    (size) => {
      let map = new Map<number, number>()
      for (const item of numbers(size)) map = new Map([...map, [item, item]])
    },
  ],
  [
    'searching a text from its beginning for each match',
    (size) => {
      const text = 'word '.repeat(size)
      for (let at = 0; at < size; at++) /nothing/.exec(text)
    },
  ],
  [
    'taking the first item away',
    (size) => {
      const list = numbers(size)
      while (list.length > 0) list.shift()
    },
  ],
  [
    'reading JSON for each item',
    (size) => {
      const text = JSON.stringify(numbers(size))
      for (let at = 0; at < size; at++) JSON.parse(text)
    },
  ],
])('sees that %s takes more than in proportion', (_, task) => {
  const { large, most } = growthOf((size) => () => task(size))
  expect(large).toBeGreaterThan(most)
})

it('counts the same for the same, and in proportion to what is looked at', () => {
  const work = (size: number) => () => {
    const messages = numbers(size).map((at) => ({ role: 'user', content: `words ${at}` }))
    saidBy(messagesOf(messages, 'user') ?? [])
  }
  const first = growthOf(work)
  const again = growthOf(work)
  // Of a callback that V8 has built into its caller, the calls are not counted.
  expect(again.large / first.large).toBeCloseTo(1, 1)
  expect(first.large).toBeGreaterThan(7 * first.small)
  expect(first.large).toBeLessThan(9 * first.small)
})
