import { type DiagLogger, diag } from '@opentelemetry/api'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, parameter, run } from '../index.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

/** Values whose every getter, trap and method counts, and what has been counted. */
class Watched {
  acts = 0

  #act(what: string): never {
    this.acts++
    throw new Error(`${what} was run`)
  }

  proxy(): object {
    const traps = Reflect.ownKeys(Reflect).flatMap((name) =>
      typeof name === 'string' ? [[name, () => this.#act(name)]] : [],
    )
    return new Proxy(Object.create(null), Object.fromEntries(traps))
  }

  revoked(): object {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }

  getters(): object {
    const keys = ['then', 'toString', 'constructor', 'length', 'name', 'message', 'value', 'done']
    const symbols = [Symbol.toStringTag, Symbol.asyncIterator, Symbol.iterator, Symbol.toPrimitive]
    return Object.defineProperties(
      {},
      Object.fromEntries(
        [...keys, ...symbols].map((key) => [
          key,
          { get: () => this.#act(String(key)), enumerable: true, configurable: true },
        ]),
      ),
    )
  }

  /** The same behind a prototype, as classes have it. */
  inherited(): object {
    return Object.create(this.getters())
  }

  behindProxy(): object {
    return Object.create(this.proxy())
  }

  error(): object {
    const error = new Error('odd')
    for (const key of ['name', 'message', 'cause', 'code']) {
      Object.defineProperty(error, key, { get: () => this.#act(key), enumerable: true })
    }
    return error
  }

  map(): object {
    const map = new Map([['a', 1]])
    for (const key of ['entries', 'forEach', 'size', Symbol.iterator]) {
      Object.defineProperty(map, key, { get: () => this.#act(String(key)) })
    }
    return map
  }

  promise(): object {
    return Object.defineProperty(Promise.resolve(1), 'then', { get: () => this.#act('then') })
  }

  functionWithGetters(): object {
    return Object.defineProperty(() => 1, 'name', { get: () => this.#act('name') })
  }

  all(): readonly object[] {
    return [
      this.proxy(),
      this.revoked(),
      this.getters(),
      this.inherited(),
      this.behindProxy(),
      this.error(),
      this.map(),
      this.promise(),
      this.functionWithGetters(),
    ]
  }
}

/** Reports of the recorder that something went wrong while it was recording. */
function reports(during: () => void): string[] {
  const errors: string[] = []
  const ignore = () => undefined
  const logger: DiagLogger = {
    error: (message) => errors.push(message),
    warn: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  }
  diag.setLogger(logger, { suppressOverrideMessage: true })
  try {
    during()
  } finally {
    diag.disable()
  }
  return errors
}

const kinds = new Watched().all().length

describe('looking at a value runs none of its code', () => {
  test.each(Array.from({ length: kinds }, (_, at) => at))('kind %i, wherever it is', (at) => {
    const watched = new Watched()
    const value = watched.all()[at]
    const take = bundle('take', (_first: unknown, _second: unknown) => 'taken')
    const give = bundle('give', () => value)
    const giveInside = bundle('give-inside', () => ({
      list: [value],
      map: new Map([['a', value]]),
    }))
    const fail = bundle('fail', () => {
      throw value
    })
    const yields = bundle('yields', function* () {
      yield value
    })
    const errors = reports(() => {
      take(value, { inside: [value], set: new Set([value]) })
      expect(give()).toBe(value)
      expect(giveInside().list[0]).toBe(value)
      expect(run('around', () => give())()).toBe(value)
      let thrown: unknown
      try {
        fail()
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBe(value)
      expect(yields().next().value).toBe(value)
    })
    expect(watched.acts).toBe(0)
    expect(errors).toEqual([])
    expect(spanOf(recorded.spans(), 'fail').status.code).toBe(2)
    for (const span of recorded.spans()) expect(span.ended).toBe(true)
  })

  test('in any arrangement of such values', () => {
    const arrangement = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.record({ kind: fc.constant('odd'), at: fc.nat(kinds - 1) }),
        fc.record({ kind: fc.constant('list'), members: fc.array(tie('value'), { maxLength: 4 }) }),
        fc.record({
          kind: fc.constant('object'),
          members: fc.array(tie('value'), { maxLength: 4 }),
        }),
      ),
    })).value
    const take = bundle('take-any', (value: unknown) => value)
    fc.assert(
      fc.property(arrangement, (plan) => {
        const watched = new Watched()
        const odd = watched.all()
        const build = (part: unknown): unknown => {
          if (typeof part !== 'object' || part === null) return part
          if ('at' in part) return odd[Number(part.at)]
          const members: unknown[] =
            'members' in part && Array.isArray(part.members) ? part.members : []
          const built = members.map(build)
          return 'kind' in part && part.kind === 'list' ? built : { ...built }
        }
        const value = build(plan)
        expect(reports(() => expect(take(value)).toBe(value))).toEqual([])
        expect(watched.acts).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})

describe('one input that cannot be read', () => {
  const system = parameter('hostile.system', 'Classify the ticket.')
  const first = bundle('hostile-first', (question: string) => `a distinctive text ${question}`)
  const use = bundle('hostile-use', (thing: unknown, text: string, system: string) =>
    thing === system ? '' : text,
  )
  const odd: readonly (readonly [string, () => unknown])[] = [
    [
      'a toJSON that throws',
      () => ({
        toJSON: () => {
          throw new Error('no')
        },
      }),
    ],
    [
      'a mixed-up class',
      () =>
        new (class {
          toJSON() {
            throw null
          }
        })(),
    ],
    ['a very deep list', () => Array.from({ length: 6_000 }).reduce((next) => ({ next }), null)],
    ['a revoked proxy', () => new Watched().revoked()],
    ['getters', () => new Watched().getters()],
    [
      'what contains itself, deep inside',
      () => {
        const root: Record<string, unknown> = {}
        let last = root
        for (let count = 0; count < 3_000; count++) {
          const next: Record<string, unknown> = {}
          last.next = next
          last = next
        }
        last.next = root
        return root
      },
    ],
  ]
  test.each(odd)('%s costs only itself', (_name, make) => {
    run('agent', (thing: unknown) => use(thing, first('question'), system.value))(make())
    expect(edgesOf(recorded.spans(), 'hostile-use')).toEqual([
      'text=hostile-first!value',
      'system=param:hostile.system!value',
    ])
    const inputs = JSON.parse(
      String(spanOf(recorded.spans(), 'hostile-use').attributes['input.value']),
    )
    expect(inputs).toMatchObject({
      text: 'a distinctive text question',
      system: 'Classify the ticket.',
      thing: expect.anything(),
    })
  })

  test('says how much of a deep value was left out', () => {
    use(
      Array.from({ length: 6_000 }).reduce((next) => ({ next }), null),
      'a',
      'b',
    )
    const span = spanOf(recorded.spans(), 'hostile-use')
    expect(String(span.attributes['input.value'])).toContain('… deeper than 100 levels')
  })
})

describe('a thrown value', () => {
  class Declined extends Error {
    override readonly name = 'Declined'
  }
  const odd = Object.create(null)
  test.each<[string, unknown, string, string]>([
    ['an error', new TypeError('wrong'), 'TypeError', 'wrong'],
    ['an error of a class of its own', new Declined('no funds'), 'Declined', 'no funds'],
    [
      'an error of a class without a name',
      new (class Lost extends Error {})('gone'),
      'Lost',
      'gone',
    ],
    ['a DOMException', new DOMException('stopped', 'AbortError'), 'AbortError', 'stopped'],
    ['a text', 'just words', 'string', 'just words'],
    ['nothing', undefined, 'undefined', 'undefined'],
    ['null', null, 'object', 'null'],
    ['a number', 42, 'number', '42'],
    ['a bigint', 42n, 'bigint', '42'],
    ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
    ['a function', () => 1, 'function', '[function]'],
    ['an object like an error', { message: 'quota', code: 429 }, 'object', 'quota'],
    ['an object', { code: 429 }, 'object', '{"code":429}'],
    ['an object without a prototype', odd, 'object', '{}'],
    ['a frozen error', Object.freeze(new RangeError('fixed')), 'RangeError', 'fixed'],
    ['a promise', Promise.resolve(1), 'Promise', '"[Promise]"'],
  ])('ends the span as an error: %s', (_name, thrown, type, message) => {
    const fails = bundle('fails', () => {
      throw thrown
    })
    let caught: unknown = 'nothing was thrown'
    try {
      fails()
    } catch (error) {
      caught = error
    }
    expect(caught).toBe(thrown)
    const { status, events, attributes } = spanOf(recorded.spans(), 'fails')
    expect(status).toEqual({ code: 2, message })
    expect(attributes['error.type']).toBe(type)
    expect(events).toMatchObject([
      { attributes: { 'exception.type': type, 'exception.message': message } },
    ])
  })

  test('brings its causes, and what it gathers', () => {
    const refused = new Error('connect refused')
    const failed = new TypeError('fetch failed', { cause: refused })
    const loop: Error & { cause?: unknown } = new Error('around')
    loop.cause = loop
    const all = new AggregateError([failed, loop, 'a text'], 'all failed')
    const fails = bundle('fails', () => {
      throw all
    })
    expect(fails).toThrow(all)
    expect(spanOf(recorded.spans(), 'fails').events[0]?.attributes).toMatchObject({
      'exception.type': 'AggregateError',
      'exception.stacktrace': expect.stringContaining('all failed'),
      'trace2.exception.causes': [
        'TypeError: fetch failed',
        'Error: around',
        'a text',
        'Error: connect refused',
      ],
    })
  })
})
