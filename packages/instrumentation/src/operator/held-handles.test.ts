import { createContext, runInContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest'
import { bundle, node, parameter } from '../index.ts'
import { inputsOf, recordSpans, spanOf } from '../testing/record.ts'
import { HandleSearch, mostCost } from './handle-search.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const brief = parameter('held.brief', 'Be brief.')

function field(holder: unknown, ...path: string[]): unknown {
  return path.reduce((held, key) => Reflect.get(Object(held), key), holder)
}

describe('an object that cannot be changed', () => {
  const keep = bundle('held-closed', (value: unknown) => value)
  const close: [string, (value: object) => object, (value: object) => boolean][] = [
    ['frozen', Object.freeze, Object.isFrozen],
    ['sealed', Object.seal, Object.isSealed],
    ['closed', Object.preventExtensions, (value) => !Object.isExtensible(value)],
  ]
  const make: [string, (held: unknown) => object, string][] = [
    ['object', (held) => ({ first: 1, held }), 'held'],
    ['list', (held) => [1, held], '1'],
    ['object without a prototype', (held) => Object.assign(Object.create(null), { held }), 'held'],
  ]
  const cases = close.flatMap(([how, end, hasEnded]) =>
    make.map(([what, hold, key]) => ({ name: `${how} ${what}`, end, hasEnded, hold, key })),
  )
  it.each(cases)('$name is given as one like it with the value', ({ end, hasEnded, hold, key }) => {
    for (const held of [brief, node('Be brief.')]) {
      const given = end(hold(held))
      const got = keep(given)
      expect(field(got, key)).toBe('Be brief.')
      expect(hasEnded(Object(got))).toBe(true)
      expect(keep({ deeper: [given] })).toEqual({ deeper: [hold('Be brief.')] })
      expect(field(given, key)).toBe(held)
    }
  })

  it('is a namespace of a module too', async () => {
    // Not through the test runner, whose namespaces are objects with getters.
    const source = 'export let system; export const set = (value) => { system = value }'
    const prompts: object = await import(`data:text/javascript,${encodeURIComponent(source)}`)
    const set: unknown = Reflect.get(prompts, 'set')
    if (typeof set === 'function') set(brief)
    expect(field(keep(prompts), 'system')).toBe('Be brief.')
    recorded.reset()
    expect(field(keep({ prompts }), 'prompts', 'system')).toBe('Be brief.')
    expect(inputsOf(spanOf(recorded.spans(), 'held-closed'))).toMatchObject([
      { origin: { kind: 'parameter', name: 'held.brief' }, how: 'exact' },
    ])
  })
})

describe('however much is passed', () => {
  const count = bundle('held-count', (value: unknown) => value)
  const messages = (length: number, content: (at: number) => unknown) =>
    Array.from({ length }, (_, at) => ({ role: 'user', content: content(at) }))
  const texts = (at: number) => `message ${at}`

  test('the last of thousands of messages reaches the function as its value', () => {
    const list = [...messages(2_000, texts), { role: 'system', content: brief }]
    const got = count(list)
    expect(field(got, '2000', 'content')).toBe('Be brief.')
    expect(field(got, '0')).toBe(list[0])
    expect(inputsOf(spanOf(recorded.spans(), 'held-count'))).toMatchObject([
      { role: 'value', origin: { name: 'held.brief' } },
    ])
  })

  test('each of thousands of messages does', () => {
    expect(count(messages(20_000, () => brief))).toEqual(messages(20_000, () => 'Be brief.'))
  })

  test.each<[string, () => unknown, string]>([
    ['numbers', () => [...Array.from({ length: 90_000 }, (_, at) => at), brief], '90000'],
    [
      'members',
      () => ({ ...Object.fromEntries(messages(6_000, texts).entries()), last: brief }),
      'last',
    ],
    ['another argument', () => [brief], '0'],
  ])('what stands behind many %s does', (_, make, key) => {
    const second = bundle('held-second', (_first: unknown, value: unknown) => field(value, key))
    expect(second(Array.from({ length: 300_000 }), make())).toBe('Be brief.')
  })

  test('fifty thousand nodes do', () => {
    const nodes = Array.from({ length: 50_000 }, (_, at) => node(at))
    expect(count(nodes)).toEqual(nodes.map(({ value }) => value))
  })

  test('an object that was wide once is looked into again', () => {
    const wide: Record<string, unknown> = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, at) => [`k${at}`, at]),
    )
    count(wide)
    for (const key of Object.keys(wide).slice(9)) delete wide[key]
    wide.held = brief
    expect(field(count(wide), 'held')).toBe('Be brief.')
    const { attributes } = recorded.spans().at(-1) ?? {}
    expect(attributes?.['input.value']).toContain('"k0":0')
  })

  test('the search ends, whatever it is given', () => {
    const shared = Array.from({ length: 1_000 }, () => ({ a: 1 }))
    for (const value of [
      Array.from({ length: 500_000 }, (_, at) => at),
      Array.from({ length: 500_000 }, () => ({ a: [1] })),
      Array.from({ length: 1_000 }, () => [shared, shared]),
      Object.assign([], { length: 4_000_000_000 }),
    ]) {
      const search = new HandleSearch(mostCost)
      search.go(value)
      expect(search.hasFound).toBe(false)
    }
  })

  test('what is met again costs no second search', () => {
    const cost = (times: number) => {
      const shared = Array.from({ length: 1_000 }, () => ({ a: 1 }))
      const search = new HandleSearch(mostCost)
      search.go(Array.from({ length: times }, () => shared))
      return mostCost - search.left
    }
    expect(cost(2_000) - cost(1_000)).toBeLessThan(10_000)
    expect(cost(3_000) - cost(2_000)).toBe(cost(2_000) - cost(1_000))
  })
})

describe('a copy is like what it stands for', () => {
  const keep = bundle('held-like', (value: unknown) => value)
  class Basket extends Array<unknown> {
    static iterated = 0
    sum() {
      return this.length
    }
    override [Symbol.iterator]() {
      Basket.iterated++
      return super[Symbol.iterator]()
    }
  }

  test('of a class of lists', () => {
    const basket = new Basket()
    basket.push(brief, 2)
    const got = keep(basket)
    expect(got).toBeInstanceOf(Basket)
    expect([field(got, '0'), field(got, '1'), got instanceof Basket && got.sum()]).toEqual([
      'Be brief.',
      2,
      2,
    ])
    expect(Basket.iterated).toBe(0)
  })

  test('with its holes, and with what a match has beside its items', () => {
    const holes: unknown[] = [brief]
    holes[4] = 5
    const got = Object(keep(holes))
    expect([got.length, 1 in got, 4 in got, got[0]]).toEqual([5, false, true, 'Be brief.'])
    const match: unknown[] & { index?: number } = /x(y)/.exec('axy') ?? []
    match[1] = brief
    expect(keep(match)).toMatchObject({ 0: 'xy', 1: 'Be brief.', index: 1, input: 'axy' })
    const wide = Object.assign([brief], { length: 4_000_000_000 })
    expect(field(keep(wide), 'length')).toBe(4_000_000_000)
  })

  test('with members behind symbols and getters, which are not run', () => {
    let ran = 0
    const key = Symbol('key')
    const given = Object.defineProperty({ held: brief, [key]: 1 }, 'lazy', {
      get: () => ++ran,
      enumerable: true,
    })
    const got = Object(keep(given))
    expect(ran).toBe(0)
    expect([got.held, got[key], got.lazy]).toEqual(['Be brief.', 1, 1])
  })

  test('from another realm', () => {
    const foreign: unknown = runInContext('({ inner: [{}] })', createContext({}))
    Reflect.set(Object(field(foreign, 'inner', '0')), 'held', brief)
    expect(field(keep(foreign), 'inner', '0', 'held')).toBe('Be brief.')
  })

  test('in any graph, whose parts know one another as before', () => {
    const edges = fc.array(fc.record({ from: fc.nat(9), to: fc.nat(11) }), { maxLength: 30 })
    const kinds = fc.array(fc.constantFrom('list', 'object', 'map', 'set'), {
      minLength: 10,
      maxLength: 10,
    })
    fc.assert(
      fc.property(kinds, edges, (shapes, links) => {
        const got = keep(graph(shapes, links, [brief, node('n')]))
        expect(pathsIn(got)).toEqual(pathsIn(graph(shapes, links, ['Be brief.', 'n'])))
      }),
    )
  })
})

type Link = { readonly from: number; readonly to: number }

/** The first of ten objects that hold one another and, past the tenth, what is held. */
function graph(kinds: readonly string[], links: readonly Link[], held: readonly unknown[]): object {
  const made = kinds.map((kind) =>
    kind === 'list' ? [] : kind === 'object' ? {} : kind === 'map' ? new Map() : new Set(),
  )
  const all = [...made, ...held]
  links.forEach(({ from, to }, at) => {
    const holder = made[from]
    if (Array.isArray(holder)) holder.push(all[to])
    else if (holder instanceof Map) holder.set(at, all[to])
    else if (holder instanceof Set) holder.add(all[to])
    else if (holder) Reflect.set(holder, `m${at}`, all[to])
  })
  return made[0] ?? {}
}

/** Each place of a graph up to seven levels, with what is there: a text, or the first place that has the same object. */
function pathsIn(root: unknown): string[] {
  const places = new Map<unknown, string>()
  const paths: string[] = []
  let level: [string, unknown][] = [['', root]]
  for (let depth = 0; depth < 8; depth++) {
    const next: [string, unknown][] = []
    for (const [path, value] of level) {
      if (typeof value !== 'object' || value === null) {
        paths.push(`${path}=${String(value)}`)
        continue
      }
      const known = places.get(value)
      if (known !== undefined) {
        paths.push(`${path}=see ${known}`)
        continue
      }
      places.set(value, path)
      const members =
        value instanceof Map
          ? [...value]
          : value instanceof Set
            ? [...value].entries()
            : Object.entries(value)
      for (const [key, member] of members) next.push([`${path}/${String(key)}`, member])
    }
    level = next
  }
  return paths
}
