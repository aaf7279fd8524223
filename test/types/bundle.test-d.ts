import type { Json } from '@trace2/core'
import {
  type Bundled,
  bundle,
  feedback,
  type Node,
  node,
  parameter,
  run,
} from '@trace2/instrumentation'
import { describe, expectTypeOf, test } from 'vitest'

const text = parameter('types.text', 'a text')

describe('a bundle', () => {
  test('of a plain function takes values, nodes and parameters, and returns what the function returns', () => {
    const count = bundle('count', (words: string, limit = 10) => words.length + limit)
    expectTypeOf(count('a', 1)).toEqualTypeOf<number>()
    expectTypeOf(count(node('a'))).toEqualTypeOf<number>()
    expectTypeOf(count(text, node(3))).toEqualTypeOf<number>()
    expectTypeOf(count.node(text)).toEqualTypeOf<Node<number>>()
    expectTypeOf(count.operator).toEqualTypeOf<string>()
    // @ts-expect-error A number is no text.
    count(1)
    // @ts-expect-error Nor is a node of a number.
    count(node(1))
    // @ts-expect-error One argument is needed.
    count()
    // @ts-expect-error Two are the most.
    count('a', 1, 2)
  })

  test('takes handles wherever a value is held', () => {
    const join = bundle(
      'join',
      (page: { readonly title: string; readonly tags: string[] }) => page.title,
    )
    expectTypeOf(join({ title: text, tags: ['a', text] })).toEqualTypeOf<string>()
    // @ts-expect-error A tag is a text.
    join({ title: text, tags: [1] })
  })

  test('takes rest arguments', () => {
    const all = bundle('all', (...words: string[]) => words)
    expectTypeOf(all('a', text, node('b'))).toEqualTypeOf<string[]>()
    // @ts-expect-error A number is no word.
    all('a', 1)
  })

  test('of an asynchronous function returns a promise, and a promise of a node', () => {
    const ask = bundle('ask', async (question: string) => question.length)
    expectTypeOf(ask(text)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(ask.node(text)).toEqualTypeOf<Promise<Node<number>>>()
  })

  test('of a function that answers at once or later has a node of each', () => {
    const cached = bundle('cached', (key: string): boolean | Promise<boolean> => key === '')
    expectTypeOf(cached.node('k')).toEqualTypeOf<Node<boolean> | Promise<Node<boolean>>>()
    const choose = bundle('choose', (): 'a' | 'b' => 'a')
    expectTypeOf(choose.node()).toEqualTypeOf<Node<'a' | 'b'>>()
  })

  test('of a generator stays a generator', () => {
    const words = bundle('words', async function* (prompt: string) {
      yield prompt
    })
    expectTypeOf(words(text)).toEqualTypeOf<AsyncGenerator<string, void, unknown>>()
  })

  test('keeps the `this` of its function', () => {
    interface Cart {
      readonly items: string[]
      add(item: string): number
    }
    const add = bundle('add', function (this: Cart, item: string) {
      return this.items.push(item)
    })
    const cart = { items: ['a'], add }
    expectTypeOf(cart.add(text)).toEqualTypeOf<number>()
    expectTypeOf(add.call(cart, 'b')).toEqualTypeOf<number>()
    expectTypeOf(add.node.call(cart, text)).toEqualTypeOf<Node<number>>()
    expectTypeOf(cart).toExtend<Cart>()
    // @ts-expect-error It needs a cart.
    add('b')
    // @ts-expect-error It needs one that has items.
    add.call({}, 'b')
    // @ts-expect-error A bundle is no cart.
    add.node('b')
  })

  test('keeps type parameters', () => {
    const first = bundle('first', <T>(items: readonly T[]): T | undefined => items[0])
    expectTypeOf(first([1, 2])).toEqualTypeOf<number | undefined>()
    expectTypeOf(first<string>([])).toEqualTypeOf<string | undefined>()
    const pick = bundle('pick', <T, K extends keyof T>(value: T, key: K): T[K] => value[key])
    expectTypeOf(pick({ a: 1, b: 'x' }, 'b')).toEqualTypeOf<string>()
    const log = bundle('log', <T>(value: T): void => void value)
    expectTypeOf(log<string>('a')).toEqualTypeOf<void>()
    // @ts-expect-error There is no such key.
    pick({ a: 1 }, 'c')
  })

  // The function gets the value of a handle, and no type says what a type parameter makes of that.
  test('has the constraint of a type parameter that is given a handle', () => {
    const same = <T>(value: T) => value
    const recorded = bundle('same', same)
    expectTypeOf(recorded(text)).toEqualTypeOf<unknown>()
    expectTypeOf(recorded(node(3))).toEqualTypeOf<unknown>()
    expectTypeOf(recorded(node(3).value)).toEqualTypeOf<number>()
    expectTypeOf(recorded.node(3)).toEqualTypeOf<Node<unknown>>()
    expectTypeOf(bundle('same', same<number>)(node(3))).toEqualTypeOf<number>()
    const copies = bundle('copies', async <T extends object>(value: T, count?: number) =>
      Array<T>(count ?? 1).fill(value),
    )
    expectTypeOf(copies({ a: 'b' }, 2)).toEqualTypeOf<Promise<{ a: string }[]>>()
    expectTypeOf(copies({ a: 'b' }, node(2))).toEqualTypeOf<Promise<object[]>>()
    expectTypeOf(copies(node({ a: 'b' }))).toEqualTypeOf<Promise<object[]>>()
    expectTypeOf(copies(node({ a: 'b' }), node(2))).toEqualTypeOf<Promise<object[]>>()
    const last = bundle('last', <T>(...items: T[]) => items.at(-1))
    expectTypeOf(last(text, 1)).toEqualTypeOf<unknown>()
    expectTypeOf(last(1, text)).toEqualTypeOf<unknown>()
    const named = bundle('named', <T extends { readonly name: string }>(value: T) => value)
    expectTypeOf(named(node({ name: 'a', age: 3 }))).toEqualTypeOf<{ readonly name: string }>()
    // Handles within a value cannot be told from the value.
    const first = bundle('first', <T>(items: readonly T[]) => items[0])
    expectTypeOf(first([node(1)])).toEqualTypeOf<Node<number> | undefined>()
  })

  test('keeps overloads', () => {
    function read(path: string): string
    function read(path: string, encoding: 'bytes'): Uint8Array
    function read(path: string, encoding?: 'bytes'): string | Uint8Array {
      return encoding ? new Uint8Array() : path
    }
    const recorded = bundle('read', read)
    expectTypeOf(recorded('a')).toEqualTypeOf<string>()
    expectTypeOf(recorded('a', 'bytes')).toEqualTypeOf<Uint8Array>()
    expectTypeOf(recorded(text)).toEqualTypeOf<string>()
    expectTypeOf(recorded(text, 'bytes')).toEqualTypeOf<Uint8Array>()
    expectTypeOf(recorded(node('a'), node('bytes' as const))).toEqualTypeOf<Uint8Array>()
    expectTypeOf(recorded.node(text)).toEqualTypeOf<Node<string>>()
    expectTypeOf(recorded.node('a', 'bytes')).toEqualTypeOf<Node<Uint8Array>>()
    // @ts-expect-error No overload takes a number.
    recorded(1)
    // @ts-expect-error Nor a node of one.
    recorded(node(1))
  })

  test('keeps any number of overloads, of which the last six take handles', () => {
    interface Levels {
      (level: 1): 'one'
      (level: 2): 'two'
      (level: 3): 'three'
      (level: 4): 'four'
      (level: 5): 'five'
      (level: 6): 'six'
      (level: 7): 'seven'
    }
    const level = bundle('level', {} as unknown as Levels)
    expectTypeOf(level(1)).toEqualTypeOf<'one'>()
    expectTypeOf(level(node(2 as const))).toEqualTypeOf<'two'>()
    expectTypeOf(level(node(7 as const))).toEqualTypeOf<'seven'>()
    expectTypeOf(level.node(4)).toEqualTypeOf<Node<'four'>>()
    // @ts-expect-error The first is the seventh from the end.
    level(node(1 as const))
  })

  test('keeps the `this` and the type parameters of overloads', () => {
    interface Cart {
      readonly items: string[]
    }
    function find(this: Cart, at: number): string
    function find<T>(this: Cart, at: string, or: T): string | T
    function find(this: Cart, at: number | string, or?: unknown): unknown {
      return this.items.at(Number(at)) ?? or
    }
    const cart = { items: ['a'], find: bundle('find', find) }
    expectTypeOf(cart.find(node(1))).toEqualTypeOf<string>()
    expectTypeOf(cart.find('1', 1)).toEqualTypeOf<string | number>()
    expectTypeOf(cart.find(text, 1)).toEqualTypeOf<unknown>()
    expectTypeOf(cart.find('1', node(1))).toEqualTypeOf<unknown>()
    // @ts-expect-error It needs a cart.
    bundle('find', find)(1)
  })

  test('keeps type guards and members of its function', () => {
    const isText = bundle('is-text', (value: unknown): value is string => typeof value === 'string')
    const value: unknown = 'a'
    if (isText(value)) expectTypeOf(value).toEqualTypeOf<string>()
    // Of a node it is the value that is guarded, and not the node.
    expectTypeOf(isText(text)).toEqualTypeOf<boolean>()
    const greet = bundle(
      'greet',
      Object.assign((name: string) => name, { language: 'en' }),
    )
    expectTypeOf(greet.language).toEqualTypeOf<string>()
    expectTypeOf(greet(text)).toEqualTypeOf<string>()
  })

  test("has the function's own member where it has one of that name", () => {
    const traverse = bundle(
      'traverse',
      Object.assign((from: string) => from, { node: 1 }),
    )
    expectTypeOf(traverse.node).toEqualTypeOf<number>()
  })

  test('stands in for its function', () => {
    const count = bundle('count', (words: string) => words.length)
    expectTypeOf(count).toExtend<(words: string) => number>()
    expectTypeOf(['a'].map(count)).toEqualTypeOf<number[]>()
    expectTypeOf<Parameters<typeof count>[0]>().extract<string>().toEqualTypeOf<string>()
    const declared: Bundled<(words: string) => number> = count
    expectTypeOf(declared('a')).toEqualTypeOf<number>()
  })

  test('may be made by a wrapper that knows no more than arguments and result', () => {
    function recorded<Args extends unknown[], R>(fn: (...args: Args) => R): (...args: Args) => R {
      const inner = bundle('inner', fn)
      return (...args) => inner(...args)
    }
    expectTypeOf(recorded((a: number) => String(a))(1)).toEqualTypeOf<string>()
  })
})

test('the session may be told from arguments of the types that the function has', () => {
  const session = (ticket: { readonly user: string }) => ticket.user
  bundle('answer', (ticket: { readonly user: string }) => ticket, { session })
  run('answer', (ticket: { readonly user: string }) => ticket, { session })
  // @ts-expect-error A session is a text.
  run('answer', (ticket: { readonly user: string }) => ticket, { session: () => 7 })
})

test('a run is typed as a bundle is', () => {
  const agent = run('agent', async (ticket: { readonly body: string }) => ticket.body)
  expectTypeOf(agent({ body: text })).toEqualTypeOf<Promise<string>>()
  expectTypeOf(agent.node({ body: 'a' })).toEqualTypeOf<Promise<Node<string>>>()
  // @ts-expect-error A ticket has a body.
  agent({})
})

test('feedback may be words, a score, or a piece with or without a name', () => {
  feedback('a text', 'Too long.')
  feedback('a text', 0.5)
  feedback('a text', { score: true })
  feedback('a text', { name: 'stars', score: 2, scale: [1, 5] })
  // @ts-expect-error A judge is none of the sources.
  feedback('a text', { score: 1, source: 'judge' })
})

test('takes arguments of a type that holds itself', () => {
  type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
  const record = bundle('types.record', (value: Value) => JSON.stringify(value))
  expectTypeOf(record('x')).toBeString()
  expectTypeOf(record({ a: [1, { b: null }] })).toBeString()
  expectTypeOf(record(node('x'))).toBeString()
  expectTypeOf(record([node(1), 2])).toBeString()

  type Nested = string | Nested[]
  const flat = bundle('types.flat', (nested: Nested) => [nested].flat())
  expectTypeOf(flat(['x', ['y']])).toBeArray()

  const json = bundle('types.json', async (value: Json, more?: readonly Json[]) => [value, more])
  expectTypeOf(json({ a: [1] }, [node(2)])).resolves.toBeArray()
})
