import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shadowMethod } from './shadow.ts'

class Query {
  ask(what: string): string {
    return `asked ${what}`
  }
}

/** Puts as many watches on one method as asked, and says which of them see a call. */
function watched(object: Query, count: number) {
  let seen: number[] = []
  const undos = Array.from({ length: count }, (_, index) =>
    shadowMethod(
      object,
      'ask',
      (ask, layer) =>
        function (this: unknown, ...args) {
          if (layer.isOn) seen.push(index)
          return Reflect.apply(ask, this, args)
        },
    ),
  )
  const seeing = () => {
    seen = []
    expect(object.ask('it')).toBe('asked it')
    return seen.toSorted()
  }
  return { undos, seeing }
}

test('watches of one method come off in any order, some of them twice, and leave nothing', () => {
  const order = fc.array(fc.nat(5), { maxLength: 12 })
  fc.assert(
    fc.property(order, fc.boolean(), (taken, isOwn) => {
      const query = new Query()
      const { ask } = query
      if (isOwn) Object.defineProperty(query, 'ask', { value: ask, configurable: true })
      const before = Object.getOwnPropertyDescriptors(query)
      const { undos, seeing } = watched(query, 6)
      const on = new Set([0, 1, 2, 3, 4, 5])
      for (const index of [...taken, 0, 3, 5, 1, 4, 2]) {
        undos[index]?.()
        on.delete(index)
        expect(seeing()).toEqual([...on])
      }
      expect(Object.getOwnPropertyDescriptors(query)).toEqual(before)
      expect(query.ask).toBe(ask)
    }),
  )
})

test('what the program puts there meanwhile stays', () => {
  const query = new Query()
  const { undos } = watched(query, 2)
  query.ask = () => 'of the program'
  for (const undo of undos) undo?.()
  expect(query.ask('it')).toBe('of the program')
})
