import { expect, test } from 'vitest'
import { node, parameter } from '../index.ts'
import { withoutHandles } from './handles.ts'

test('each object of a request is looked at once, however often it is in there', () => {
  let reads = 0
  const counted = (inside: object) => ({
    ...inside,
    get text() {
      reads++
      return 'a text'
    },
  })
  let shared: object = counted({})
  for (let level = 0; level < 40; level++) shared = counted({ left: shared, right: shared })
  const friends: object[] = []
  for (let friend = 0; friend < 10; friend++) friends.push(counted({ friends }))
  expect(withoutHandles({ shared, friends }, () => undefined)).toEqual({ shared, friends })
  expect(reads).toBeLessThan(60 + 51 * 2)
})

test('handles become their values in a copy, frozen or not, with what is hidden in it', () => {
  const name = parameter('handles-test.name', 'Ada')
  const hidden = Symbol('hidden')
  const tool = Object.freeze(
    Object.defineProperty({ name, sizes: [1, 2], [hidden]: true }, 'brand', { value: 'tool' }),
  )
  const request = Object.freeze({ tools: Object.freeze([tool, { seed: node(7) }]) })
  const plain = withoutHandles(request, (read) => read.value)
  expect(plain).toEqual({ tools: [{ name: 'Ada', sizes: [1, 2], [hidden]: true }, { seed: 7 }] })
  const [first] = Object(plain).tools
  expect(first.brand).toBe('tool')
  expect(tool.name).toBe(name)
})
