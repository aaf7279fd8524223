import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, node, parameter, run } from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

describe('a function that is bundled', () => {
  class Greeter {
    static made = 0
    #name: string
    constructor(name: string) {
      this.#name = name
      Greeter.made++
    }
    greet = bundle('greet', function (this: Greeter, other: string) {
      return `${other}, I am ${this.#name}`
    })
  }

  test('keeps its name, length, members and prototype, and can be constructed', () => {
    const priced = bundle(
      'priced',
      Object.assign(function quote(_a: string, _b: number) {}, { cost: 3 }),
    )
    expect([priced.name, priced.length, priced.cost]).toEqual(['quote', 2, 3])
    const Made: typeof Greeter = Object(bundle('made', Object(Greeter)))
    const made = new Made('Ada')
    expect(made).toBeInstanceOf(Greeter)
    expect(made).toBeInstanceOf(Made)
    expect(Made.made).toBe(1)
  })

  const members = ['parameters', 'node', 'operator'] as const
  const holders: readonly (readonly [string, (member: object) => object])[] = [
    ['own', (member) => Object.assign(() => 'called', member)],
    ['frozen', (member) => Object.freeze(Object.assign(() => 'called', member))],
    [
      'behind a getter',
      (member) =>
        Object.defineProperties(
          () => 'called',
          Object.fromEntries(
            Object.entries(member).map(([key, value]) => [key, { get: () => value }]),
          ),
        ),
    ],
    [
      'inherited from a class',
      (member) => {
        class Tool {}
        Object.assign(Tool, member)
        return class Own extends Tool {}
      },
    ],
  ]
  test.each(members.flatMap((key) => holders.map(([how, make]) => ({ key, how, make }))))(
    'keeps a member $key of its own, $how',
    ({ key, make }) => {
      const fn = make({ [key]: 'its own' })
      const bundled: object = bundle('tool', fn as () => unknown)
      expect(Reflect.get(bundled, key)).toBe('its own')
      const again: object = bundle('again', bundled as () => unknown)
      for (const other of members.filter((other) => other !== key)) {
        expect(Reflect.get(bundled, other)).toBeDefined()
      }
      expect(Reflect.get(again, key)).toBe('its own')
      if (key !== 'operator') expect(Reflect.get(again, 'operator')).toBe('again')
    },
  )

  test('has types that know its own members', () => {
    const tool = bundle(
      'tool',
      Object.assign((city: string) => city, { parameters: { city: 'string' } }),
    )
    const city: string = tool.parameters.city
    expect([city, tool.operator, tool.node('Paris').value]).toEqual(['string', 'tool', 'Paris'])
  })

  test('has static members that use private ones', () => {
    // biome-ignore-start lint/complexity/noThisInStatic: what `this` is there is what is tested.
    class Counter {
      readonly made = true
      static #count = 0
      static readonly label = 'counter'
      static next() {
        Counter.#check(this)
        this.#count += 1
        return this.#count
      }
      static #check(self: unknown) {
        if (self !== Counter) throw new TypeError('this is another class')
      }
      static has(value: object) {
        return #count in value
      }
      static get count() {
        return this.#count
      }
      static set count(count: number) {
        this.#count = count
      }
      static make() {
        return new this()
      }
    }
    // biome-ignore-end lint/complexity/noThisInStatic: as above.
    const Bundled: typeof Counter = Object(bundle('counter', Object(Counter)))
    expect([Bundled.next(), Bundled.next(), Bundled.count]).toEqual([1, 2, 2])
    Bundled.count = 7
    expect([Counter.count, Bundled.has(Counter), Bundled.has({})]).toEqual([7, true, false])
    expect([Bundled.label, Bundled.next.name, Bundled.next.length]).toEqual(['counter', 'next', 0])
    expect(Bundled.next).toBe(Bundled.next)
    expect(Bundled.make).toBe(Counter.make)
    expect(Bundled.make()).toBeInstanceOf(Counter)
  })

  test('gets its this, with private members', () => {
    expect(new Greeter('Ada').greet('Hello')).toBe('Hello, I am Ada')
  })

  test('may be bundled again, and is called by its own argument names', () => {
    const once = bundle('once', (ticket: string) => ticket)
    run('twice', once)('a ticket')
    expect(spanOf(recorded.spans(), 'twice').attributes['input.value']).toBe(
      '{"ticket":"a ticket"}',
    )
  })
})

describe('recursion', () => {
  const deepest = (fn: (n: number) => number) => {
    let [works, fails] = [100, 40_000]
    while (fails - works > 100) {
      const half = (works + fails) >> 1
      try {
        fn(half)
        works = half
      } catch {
        fails = half
      }
    }
    return works
  }

  test('goes nearly as deep as without, and says which calls it left out', () => {
    const plain = (n: number): number => (n === 0 ? 0 : 1 + plain(n - 1))
    const bundled: (n: number) => number = bundle('count', (n: number): number =>
      n === 0 ? 0 : 1 + bundled(n - 1),
    )
    expect(bundled(500)).toBe(500)
    const omitted = recorded
      .spans()
      .map(({ attributes }) => Number(attributes['trace2.op.omitted_calls'] ?? 0))
    expect(recorded.spans().length + omitted.reduce((a, b) => a + b)).toBe(501)
    expect(deepest(bundled)).toBeGreaterThan(0.6 * deepest(plain))
  })

  const brief = parameter('deep.brief', 'Be brief.')
  type Down = (n: number, held: unknown) => number
  const down = (name: string): Down => {
    const bundled: Down = bundle(name, (n: number, held: unknown): number =>
      n === 0 ? 0 : 1 + bundled(n - 1, held),
    )
    return bundled
  }

  test.each<[string, unknown]>([
    ['a parameter', brief],
    ['a node', node('Be brief.')],
    ['a frozen object that holds one', Object.freeze({ brief })],
    ['a list that holds one', [[brief]]],
  ])('does so when it was given %s', (what, given) => {
    const plain: Down = (n, held) => (n === 0 ? 0 : 1 + plain(n - 1, held))
    const most = deepest((n) => plain(n, 'text'))
    const bundled = down(`down-${what}`)
    expect(deepest((n) => bundled(n, given))).toBeGreaterThan(0.6 * most)
    expect(deepest((n) => bundled(n, 'text'))).toBeGreaterThan(0.6 * most)
  })

  test('gives a function its values at any depth, whatever came before', () => {
    const seen = new Set<unknown>()
    const every = 7
    const bundled: Down = bundle('now-and-then', (n: number, held: unknown): number => {
      seen.add(Array.isArray(held) ? held[0] : held)
      return n === 0 ? 0 : 1 + bundled(n - 1, n % every === 0 ? [brief] : 'text')
    })
    for (let time = 0; time < 3; time++) expect(bundled(400, brief)).toBe(400)
    expect([...seen].sort()).toEqual(['Be brief.', 'text'])
  })

  test('still gives the function plain values where it is passed nodes', () => {
    const word = parameter('deep.word', 'a word')
    const spell: (n: number, word: string) => string = bundle('spell', (n: number, word: string) =>
      n === 0 ? word.toUpperCase() : spell(n - 1, node(word) as never),
    )
    expect(spell(300, word as never)).toBe('A WORD')
  })
})

describe('handles inside an argument', () => {
  test('are values to the function, at any of four levels, in lists, objects, maps and sets', () => {
    const make = bundle('make', (n: number) => ({ n }))
    const one = make.node(1)
    let given: unknown
    const take = bundle('take', (input: unknown) => {
      given = input
    })
    const other = { kept: true }
    run('agent', () =>
      take({
        list: [one],
        map: new Map([['a', one]]),
        set: new Set([one]),
        deep: { er: [one] },
        other,
      }),
    )()
    expect(given).toEqual({
      list: [{ n: 1 }],
      map: new Map([['a', { n: 1 }]]),
      set: new Set([{ n: 1 }]),
      deep: { er: [{ n: 1 }] },
      other,
    })
    expect((given as { other: object }).other).toBe(other)
  })
})
