import { createServer } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { Budget } from './budget.ts'
import { contentHash } from './content-hash.ts'
import { jsonText, valueText } from './text.ts'

const longest = 65_536

/** The text of a value, and how often a member of any object was looked at for it. */
function written(value: unknown, maxLength = longest): { text: string; looks: number } {
  // Counted calls are slow; only their number matters here.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  const looks = vi.spyOn(Object, 'getOwnPropertyDescriptor')
  try {
    const { text } = valueText(value, new Budget(maxLength), maxLength)
    return { text, looks: looks.mock.calls.length }
  } finally {
    looks.mockRestore()
    clock.mockRestore()
  }
}

const hostile: readonly (readonly [string, () => unknown])[] = [
  [
    'forty levels of shared halves',
    () => Array.from({ length: 40 }).reduce((inner) => ({ l: inner, r: inner }), {}),
  ],
  [
    'ten objects that know one another',
    () => {
      const team = Array.from({ length: 10 }, (_, at) => ({ at, peers: [] as unknown[] }))
      for (const one of team) one.peers = team.filter((other) => other !== one)
      return team
    },
  ],
  ['an array of four thousand million holes', () => new Array(4_000_000_000)],
  [
    'a sparse array with a last item',
    () => Object.assign([], { 4000000000: 'last', length: 4_000_000_001 }),
  ],
  ['a million numbers', () => Array.from({ length: 1_000_000 }, (_, at) => at)],
  ['a map of a million', () => new Map(Array.from({ length: 1_000_000 }, (_, at) => [at, at]))],
  [
    'four hundred items that share a text of a million characters',
    () => {
      const text = 'x'.repeat(1_000_000)
      return Array.from({ length: 400 }, (_, at) => ({ at, text }))
    },
  ],
  ['bytes deep inside', () => ({ a: [{ b: { image: new Uint8Array(5_000_000) } }] })],
  ['a hundred million characters', () => ({ text: 'x'.repeat(100_000_000) })],
  [
    'a list of a hundred thousand in one another',
    () => Array.from({ length: 100_000 }).reduce((next) => ({ next }), null),
  ],
  ['a text of escapes', () => ({ text: '\u0000'.repeat(60_000) })],
  ['a bigint of a million bits', () => 1n << 1_000_000n],
  [
    'a proxy without an end',
    () => {
      const endless = (): object => new Proxy({}, { get: endless, ownKeys: () => ['next'] })
      return { endless: endless() }
    },
  ],
  [
    'a tree of class instances',
    () => {
      class Socket {
        server: unknown
        peers: unknown[] = []
      }
      const all = Array.from({ length: 100 }, () => new Socket())
      for (const one of all) Object.assign(one, { server: all[0], peers: all })
      return all[0]
    },
  ],
  [
    'a toJSON that gives another one, without an end',
    () => {
      class Again {
        toJSON() {
          return new Again()
        }
      }
      return new Again()
    },
  ],
]

describe('what a value costs', () => {
  test.each(hostile)('%s is bounded by what is kept', (_name, make) => {
    const { text, looks } = written(make())
    expect(text.length).toBeLessThan(longest + 8_192)
    expect(() => JSON.parse(text)).not.toThrow()
    expect(looks).toBeLessThan(60_000)
  })

  test('does not grow with an input that is twice as large', () => {
    const items = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ at, text: `item ${at}`, tags: ['a', 'b'] }))
    const [large, twice] = [written(items(50_000)), written(items(100_000))]
    expect(twice.looks).toBeLessThanOrEqual(large.looks + 8)
  })

  test('grows as the input does where all of it is kept', () => {
    const items = (count: number) => Array.from({ length: count }, (_, at) => ({ at }))
    const [some, twice] = [written(items(500)), written(items(1_000))]
    expect(twice.looks / some.looks).toBeLessThan(2.2)
  })

  test('of any graph of objects is within the budget, and its text is JSON', () => {
    const graph = fc.record({
      nodes: fc.array(fc.oneof(fc.string(), fc.double(), fc.constant('list'), fc.constant('map')), {
        minLength: 1,
        maxLength: 60,
      }),
      edges: fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 400 }),
    })
    fc.assert(
      fc.property(graph, fc.integer({ min: 64, max: 4_096 }), ({ nodes, edges }, maxLength) => {
        const made: (unknown[] | Map<string, unknown> | Record<string, unknown>)[] = nodes.map(
          (kind) => (kind === 'list' ? [] : kind === 'map' ? new Map() : { own: kind }),
        )
        for (const [from, to] of edges) {
          const holder = made[from % made.length]
          const member = made[to % made.length]
          if (Array.isArray(holder)) holder.push(member)
          else if (holder instanceof Map) holder.set(String(to), member)
          else if (holder) holder[`to${to}`] = member
        }
        const budget = new Budget(maxLength)
        const { text } = valueText(made[0], budget, maxLength)
        expect(() => JSON.parse(text)).not.toThrow()
        // Closing brackets and what says that something is left out come on top.
        expect(text.length).toBeLessThan(2 * maxLength + 4_096)
        expect(budget.steps).toBeLessThanOrEqual(8_192)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a value that fits', () => {
  test('is written as JSON has it', () => {
    const shared = { text: 'the same' }
    for (const value of [{ a: [1, 'x', null, true] }, [shared, shared], { a: undefined }, []]) {
      expect(jsonText(value)).toBe(JSON.stringify(value))
    }
  })

  test('of any JSON is what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  class Money {
    #amount = 5
    toJSON() {
      return `${this.#amount} EUR`
    }
  }
  class Point {
    x = 1
    #secret = 'hidden'
    get secret() {
      return this.#secret
    }
  }
  class Empty {}
  test.each<[string, unknown, unknown]>([
    ['a map', new Map<unknown, unknown>([['a', 1]]), { '[Map]': [['a', 1]] }],
    ['a set', new Set(['a', 'b']), { '[Set]': ['a', 'b'] }],
    ['an error', new RangeError('too far'), { name: 'RangeError', message: 'too far' }],
    [
      'an error with a code and a cause',
      Object.assign(new Error('outer', { cause: new TypeError('inner') }), { code: 'E1' }),
      {
        name: 'Error',
        message: 'outer',
        code: 'E1',
        cause: { name: 'TypeError', message: 'inner' },
      },
    ],
    [
      'a settled promise',
      [{ status: 'rejected', reason: new Error('declined') }],
      [{ status: 'rejected', reason: { name: 'Error', message: 'declined' } }],
    ],
    ['headers', new Headers({ accept: 'text/plain' }), { '[Headers]': [['accept', 'text/plain']] }],
    [
      'headers with credentials',
      new Headers({ Authorization: 'Bearer 4711', accept: '*/*' }),
      {
        '[Headers]': [
          ['accept', '*/*'],
          ['authorization', '[withheld]'],
        ],
      },
    ],
    ['search parameters', new URLSearchParams({ q: 'shoes' }), 'q=shoes'],
    ['an address', new URL('http://localhost/a?b=c'), 'http://localhost/a?b=c'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date that is none', new Date(Number.NaN), 'Invalid Date'],
    ['a regular expression', /a+/gi, '/a+/gi'],
    ['one whose members are others', withOwn(/x/u, 'source', 'global', 'flags', 'exec'), '/x/u'],
    ['a toJSON that is a getter and cannot be seen', withOwn({ a: 1 }, 'toJSON'), { a: 1 }],
    ['an object of many members', wide(6_000), '[object of 6000 members]'],
    [
      'search parameters without an end',
      new URLSearchParams('a=1&'.repeat(2_000)),
      expect.stringMatching(/^a=1&.*&…$/),
    ],
    ['a bigint', 12345678901234567890n, '12345678901234567890'],
    ['no number', Number.NaN, 'NaN'],
    ['infinities', [Infinity, -Infinity], ['Infinity', '-Infinity']],
    ['a symbol', Symbol('why'), 'Symbol(why)'],
    ['boxed values', [Object('abc'), Object(1n), Object(true)], ['abc', '1', true]],
    ['an instance with toJSON', new Money(), '5 EUR'],
    ['an instance with fields', new Point(), { x: 1 }],
    ['an instance without', new Empty(), '[Empty]'],
    ['a weak map', new WeakMap(), '[WeakMap]'],
    ['a promise', Promise.resolve(1), '[Promise]'],
    ['a blob', new Blob(['abc'], { type: 'text/plain' }), '[3 bytes] text/plain'],
    ['a response', new Response('x', { status: 404 }), '[Response 404]'],
    ['a function in a list', [function helper() {}], ['[function helper]']],
    [
      'an object without a prototype',
      Object.assign(Object.create(null), { a: 1 }),
      JSON.parse('{"a":1}'),
    ],
    [
      'a getter',
      Object.defineProperty({ b: 1 }, 'a', { get: () => 1, enumerable: true }),
      {
        b: 1,
        a: '[getter]',
      },
    ],
    ['what contains itself', selfContained(), { name: 'me', self: '[see #]', inner: ['[see #]'] }],
  ])('says what it was: %s', (_name, value, expected) => {
    expect(JSON.parse(jsonText(value))).toEqual(expected)
  })

  test('is the same for equal bytes, in whatever view and at whatever depth', () => {
    const bytes = new Uint8Array([1, 2, 3, 4])
    const texts = [
      bytes,
      Buffer.from(bytes),
      bytes.buffer,
      new DataView(bytes.buffer),
      new Int16Array(bytes.buffer),
    ]
    const expected = '[4 bytes] sha256:9f64a747e1b97f13'
    for (const each of texts) {
      expect(JSON.parse(jsonText(each))).toBe(expected)
      expect(JSON.parse(jsonText([{ deep: each }]))).toEqual([{ deep: expected }])
    }
  })

  test('tells large bytes apart by their length and pieces of them', () => {
    const [one, same, other] = [5_000_000, 5_000_000, 5_000_001].map((size) => new Uint8Array(size))
    expect(jsonText(one)).toBe(jsonText(same))
    expect(jsonText(one)).toMatch(/^"\[5000000 bytes\] sampled:[0-9a-f]{16}"$/)
    expect(jsonText(one)).not.toBe(jsonText(other))
    same?.fill(7)
    expect(jsonText(one)).not.toBe(jsonText(same))
  })
})

/** The value with members of its own that must not be asked. */
function withOwn(value: object, ...keys: readonly string[]): object {
  const get = () => {
    throw new Error('it was asked')
  }
  return Object.defineProperties(value, Object.fromEntries(keys.map((key) => [key, { get }])))
}

function wide(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`member ${at}`, at]))
}

function selfContained(): object {
  const value: Record<string, unknown> = { name: 'me' }
  return Object.assign(value, { self: value, inner: [value] })
}

describe('a value that does not fit', () => {
  test('leaves room for its other members, and says what is left out', () => {
    const documents = Array.from({ length: 1_000 }, (_, at) => `document ${at} ${'x'.repeat(100)}`)
    const kept = JSON.parse(
      valueText({ documents, question: 'Why?' }, new Budget(2_000), 2_000).text,
    )
    expect(kept.question).toBe('Why?')
    expect(kept.documents[0]).toBe(documents[0])
    expect(kept.documents.at(-1)).toMatch(/^… 9\d\d more$/)
  })

  test('never ends inside a character', () => {
    for (let length = 10; length < 16; length++) {
      const { text } = valueText({ a: '🙂'.repeat(20) }, new Budget(length), length)
      expect(JSON.parse(text).a.isWellFormed()).toBe(true)
    }
  })

  test('has equal hashes where it is equal, and others where it is not', () => {
    const hash = (value: unknown) => {
      const budget = new Budget(1_000)
      return contentHash(value, valueText(value, budget, 1_000), budget).hash
    }
    const list = (last: string) => [...Array.from({ length: 500 }, (_, at) => `item ${at}`), last]
    expect(hash(list('end'))).toBe(hash(list('end')))
    expect(hash(list('end'))).not.toBe(hash(list('other end')))
    const long = (at: number) => `${'a'.repeat(at)}b${'a'.repeat(1_000_000 - at)}`
    expect(hash(long(0))).toBe(hash(long(0)))
    expect(hash(long(0))).not.toBe(hash(long(999_999)))
    // What is not read is equal to nothing that is not read.
    expect(hash('x'.repeat(3_000_000))).not.toBe(hash('x'.repeat(3_000_000)))
  })
})

describe('a request of an HTTP server', () => {
  test('is what it says, without its sockets and without credentials', async () => {
    let text = ''
    const server = createServer((request, response) => {
      Object.assign(request, { body: { ticket: 'lost' }, params: { id: '7' } })
      text = jsonText({ request, response })
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const headers = { authorization: 'Bearer 4711', cookie: 'session=4711', 'x-kind': 'test' }
    await fetch(`http://127.0.0.1:${port}/ask?q=hello`, { method: 'POST', headers })
    server.close()
    expect(text.length).toBeLessThan(1_000)
    expect(text).not.toContain('4711')
    expect(JSON.parse(text)).toMatchObject({
      request: {
        method: 'POST',
        url: '/ask?q=hello',
        body: { ticket: 'lost' },
        params: { id: '7' },
        headers: { authorization: '[withheld]', cookie: '[withheld]', 'x-kind': 'test' },
      },
      response: { statusCode: 200 },
    })
  })
})
