import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundle, parameter, t } from '../index.ts'
import { enableIsolation } from './index.ts'

beforeAll(() => enableIsolation())

const marker = 'marker'
const limits = { most: 3, names: new Set(['a', 'b']) }
const tone = parameter('forms.tone', 'warm')
const inner = bundle('forms.inner', (x: string) => `inner of ${x}`)
const shout = (text: string): string => decorate(text.toUpperCase())
const decorate = (text: string): string => `*${text}*`
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
async function fetchPolicy(name: string): Promise<{ readonly policy: string }> {
  await sleep(1)
  return { policy: `policy of ${name}` }
}
class OrderError extends RangeError {
  readonly order: number
  constructor(message: string, order: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OrderError'
    this.order = order
  }
}
class Counter {
  #count = 0
  label = 'counter'
  readonly history: number[] = []
  add(by: number): this {
    this.#count += by
    this.history.push(by)
    return this
  }
  get total(): number {
    return this.#count
  }
}
class Agent {
  greeting = 'Hello'
  visits = 0
  greet(name: string): string {
    this.visits++
    return `${this.greeting} V1 ${name} ${this.visits}`
  }
  async later(name: string): Promise<string> {
    await null
    return `${this.greeting} V1 ${name}`
  }
}
async function* ticks(count: number): AsyncGenerator<number> {
  for (let index = 0; index < count; index++) {
    await null
    yield index
  }
}
// What an enum is once it is compiled.
const Kind: Readonly<Record<string | number, string | number>> = { A: 0, B: 1, 0: 'A', 1: 'B' }

type AnyFunction = (...args: never[]) => unknown
interface Form {
  readonly fn: AnyFunction
  readonly uses?: Readonly<Record<string, unknown>>
  readonly args?: () => readonly unknown[]
  readonly self?: () => unknown
}

const forms: Readonly<Record<string, Form>> = {
  'a function with a comment': {
    fn: function doc(x: string) {
      /** Process it. */
      return `V1 ${x}`
    },
  },
  'an arrow': { fn: (x: string) => `V1 ${x}` },
  'an arrow with one bare argument': { fn: ((x) => `V1 ${x}`) as (x: string) => string },
  'an async function': {
    fn: async (x: string) => {
      await null
      return `V1 ${x}`
    },
  },
  'an async function that waits': {
    fn: async (x: string) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return `V1 ${x}`
    },
  },
  'a timer that is cleared': {
    fn: async (x: string) => {
      const timer = setTimeout(() => {
        throw new Error('late')
      }, 100_000)
      clearTimeout(timer)
      return `V1 ${x}`
    },
  },
  'an async function that fetches': {
    fn: async (url: string) => {
      const response = await fetch(url)
      return `V1 ${response.status} ${await response.text()}`
    },
    uses: { fetch },
    args: () => ['data:text/plain,hello'],
  },
  'a generator': {
    fn: function* (x: string) {
      const got: string = yield 'V1'
      yield x + got
    },
  },
  'a generator that delegates': {
    fn: function* (xs: string[]) {
      yield* xs
      return yield* (function* () {
        yield 'V1'
      })()
    },
    args: () => [['a', 'b']],
  },
  'an async generator': {
    fn: async function* (x: string) {
      yield 'V1'
      await null
      yield x
    },
  },
  'an async iterable consumed inside': {
    fn: async (source: AsyncIterable<number>) => {
      const seen = []
      for await (const each of source) seen.push(each)
      return `V1 ${seen.join()}`
    },
    args: () => [ticks(3)],
  },
  'a helper that uses a helper': {
    fn: (x: string) => `V1 ${shout(x)}`,
    uses: { shout, decorate },
  },
  'constants and collections around it': {
    fn: (x: string) => `${marker} V1 ${limits.most} ${limits.names.has(x)}`,
    uses: { marker, limits },
  },
  'an import with a chain of calls': {
    fn: (x: string) => `V1 ${createHash('sha1').update(x).digest('hex').slice(0, 8)}`,
    uses: { createHash },
  },
  'a closure': (() => {
    const prefix = 'pre'
    return { fn: (x: string) => `${prefix} V1 ${x}`, uses: { prefix } }
  })(),
  'an arrow with the this of its class': (() => {
    class Greeter {
      greeting = 'Hello'
      say = (x: string) => `${this.greeting} V1 ${x}`
    }
    const greeter = new Greeter()
    return { fn: greeter.say, uses: { this: greeter } }
  })(),
  'a method with this': { fn: Agent.prototype.greet, self: () => new Agent() },
  'an async method with this': { fn: Agent.prototype.later, self: () => new Agent() },
  'default arguments that use earlier ones': {
    fn: (x: string, n = 3, both = x.repeat(n)) => `V1 ${both}`,
    args: () => ['a', undefined],
  },
  'a default argument from outside': {
    fn: (x: string, m = marker) => `V1 ${x}${m}`,
    uses: { marker },
  },
  'nested destructuring with defaults': {
    fn: ({
      title,
      body: { text = 'none', tags: [first = 'untagged', ...others] = [] } = {},
    }: {
      title: string
      body?: { text?: string; tags?: string[] }
    }) => `V1 ${title} ${text} ${first} ${others.length}`,
    args: () => [{ title: 'a', body: { tags: ['x', 'y'] } }],
  },
  'rest and spread': {
    fn: (...xs: number[]) => `V1 ${Math.max(...xs)} ${[...xs, ...xs].length}`,
    args: () => [3, 1, 2],
  },
  arguments: {
    fn: function () {
      // biome-ignore lint/complexity/noArguments: one of the forms.
      return `V1 ${arguments.length} ${arguments[1]}`
    },
    args: () => ['a', 'b'],
  },
  'recursion by name': {
    fn: function fact(n: number): string {
      return n <= 1 ? 'V1' : `${n}*${fact(n - 1)}`
    },
    args: () => [4],
  },
  'a helper class and private members': {
    fn: (x: number) => {
      class Box {
        #value = 0
        static of(value: number): Box {
          const box = new Box()
          box.#value = value
          return box
        }
        get doubled(): number {
          return this.#value * 2
        }
      }
      return `V1 ${Box.of(x).doubled}`
    },
    args: () => [4],
  },
  'another bundle': { fn: (x: string) => `V1 ${inner(x)}`, uses: { inner } },
  'all of several requests': {
    fn: async (names: string[]) => {
      const all = await Promise.all(names.map((name) => fetchPolicy(name)))
      return `V1 ${all.map(({ policy }) => policy).join()}`
    },
    uses: { fetchPolicy },
    args: () => [['a', 'b', 'c']],
  },
  'a parameter': { fn: (x: string) => `V1 ${tone.value} ${tone} ${x}`, uses: { tone } },
  'a template with origins': { fn: (x: string) => `V1 ${t`${x} and ${tone}`}`, uses: { t, tone } },
  'a callback': {
    fn: (xs: string[], say: (text: string, index: number) => string) => `V1 ${xs.map(say).join()}`,
    args: () => [['a', 'b'], (text: string, index: number) => `${text}!${index}`],
  },
  'a Date and a Map': {
    fn: (date: Date, map: Map<string, number>) =>
      `V1 ${date.getFullYear()} ${date.toISOString()} ${map.get('a')}`,
    args: () => [new Date(86_400_000), new Map([['a', 1]])],
  },
  'an instance with private members': {
    fn: (counter: Counter) => `V1 ${counter.add(2).add(3).total} ${counter.history.join()}`,
    args: () => [new Counter()],
  },
  'undefined and NaN': {
    fn: (x: unknown, y: number) => `V1 ${x} ${y} ${x === undefined}`,
    args: () => [undefined, Number.NaN],
  },
  'a Map, a Set and a bigint as results': {
    fn: (x: string) => [new Map([['V1', x]]), new Set([x]), 2n ** 70n, new Date(0), /V1/gi],
  },
  'objects with getters and methods': {
    fn: (x: string) => {
      const made = {
        get full() {
          return `V1 ${x}`
        },
        twice() {
          return this.full.repeat(2)
        },
      }
      return `${made.full} ${made.twice()}`
    },
  },
  'an error with a class of its own and a cause': {
    fn: (x: string) => {
      throw new OrderError(`V1 ${x}`, 7, { cause: new TypeError('inner') })
    },
    uses: { OrderError },
  },
  'console inside': {
    fn: (x: string) => {
      console.debug('seen', x)
      return `V1 ${x}`
    },
  },
  'the environment': {
    fn: (x: string) => `V1 ${process.env.PATH?.length} ${x}`,
    uses: { process },
  },
  'numbers and dates of a language': {
    fn: (n: number) =>
      `V1 ${new Intl.NumberFormat('de').format(n)} ${n.toLocaleString('en')} ${new Date(0)} ${'ä'.localeCompare('z', 'de')}`,
    args: () => [12_345.5],
  },
  'URLs, bytes and clones': {
    fn: (url: string) => {
      const parsed = new URL(url)
      parsed.searchParams.set('q', 'V1')
      const bytes = new TextEncoder().encode(parsed.host)
      return `${parsed} ${new TextDecoder().decode(bytes)} ${structuredClone(new Map([[1, 2]])).size}`
    },
    args: () => ['http://x.org/a?b=c'],
  },
  'regular expressions with names and properties': {
    fn: (x: string) =>
      `V1 ${x.replace(/(?<=a)\p{L}/gu, '_')} ${/(?<first>\w)/.exec(x)?.groups?.first}`,
    args: () => ['abc'],
  },
  'an enum': { fn: (x: string) => `V1 ${Kind[Kind.B ?? 0]} ${x}`, uses: { Kind } },
  'labelled loops': {
    fn: (n: number) => {
      const seen: string[] = []
      outer: for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (j > i) continue outer
          if (i + j > 4) break outer
          seen.push(`${i}${j}`)
        }
      }
      return `V1 ${seen.join()}`
    },
    args: () => [5],
  },
  'closures in an array': {
    fn: (n: number) => {
      const made = []
      for (let i = 0; i < n; i++) made.push(() => i)
      return `V1 ${made.map((each) => each()).join()}`
    },
    args: () => [3],
  },
  'a tagged template of its own': {
    fn: (x: string) => {
      const tag = (strings: TemplateStringsArray, ...values: unknown[]): string =>
        strings.raw.join('|') + values.join()
      return tag`V1 \n ${x} end`
    },
  },
  'optional chaining and nullish values': {
    fn: (x: { deep?: { call?: () => string } } | null) => `V1 ${x?.deep?.call?.() ?? 'nothing'}`,
    args: () => [{ deep: {} }],
  },
  'changes to its arguments': {
    fn: (list: string[], about: { count: number }, seen: Map<string, number>) => {
      list.push('V1')
      about.count++
      seen.set('V1', list.length)
    },
    args: () => [['a'], { count: 1 }, new Map()],
  },
}

/** What a caller sees of a call: the result or what was thrown, and its arguments afterwards. */
async function outcome(fn: AnyFunction, { args = () => ['a'], self }: Form): Promise<string> {
  const given = args()
  const receiver = self?.()
  const shown = async (): Promise<unknown> => {
    const result: unknown = await Reflect.apply(fn, receiver, given)
    if (!isGenerator(result)) return { result }
    const steps: unknown[] = []
    for (let index = 0; index < 10; index++) steps.push(await result.next(`sent ${index}`))
    return { steps, tag: Object.prototype.toString.call(result) }
  }
  const seen = await shown().catch((error: unknown) => ({
    thrown: error,
    isRange: error instanceof RangeError,
    constructor: error instanceof Error ? error.constructor : undefined,
    own:
      error instanceof Error
        ? { ...error, message: error.message, cause: String(error.cause) }
        : error,
  }))
  if ('thrown' in (seen as object)) Reflect.deleteProperty(seen as object, 'thrown')
  return inspect([seen, given, receiver], { depth: 9, showHidden: false })
}

function isGenerator(value: unknown): value is { next(sent: unknown): unknown } {
  return typeof value === 'object' && value !== null && 'next' in value
}

describe('after a change of one word, this works as before', () => {
  test.each(Object.entries(forms))('%s', async (name, form) => {
    const bundled = bundle(`forms.${name}`.replaceAll(/[^\w.]/g, '-'), form.fn, {
      trainable: true,
      ...(form.uses ? { uses: form.uses } : {}),
    })
    const before = await outcome(bundled, form)
    const [code] = bundled.parameters()
    code?.update(code.value.replaceAll('V1', 'V2'))
    const after = await outcome(bundled, form)
    expect(after).toBe(before.replaceAll('V1', 'V2'))
  })
})
