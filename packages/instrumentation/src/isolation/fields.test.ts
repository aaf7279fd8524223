import { EventEmitter } from 'node:events'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../index.ts'
import { type Form, outcome } from '../testing/outcome.ts'
import { enableIsolation } from './index.ts'

// The test runner puts a proxy in the place of what is imported.
const nested: string = 'data:text/javascript,export * as path from "node:path"'
const { path } = await import(nested)

beforeAll(() => enableIsolation())

class Node {
  name = 'node'
  next: unknown
  constructor(next: unknown) {
    this.next = next
  }
}

/** Gives an instance whose field holds what it is told to, one after the other. */
function holder(): { node: Node; put: (kind: string) => void } {
  const values: Readonly<Record<string, () => unknown>> = {
    object: () => ({ deep: [1] }),
    instance: () => new Node(undefined),
    null: () => null,
    number: () => 7,
    getter: () => undefined,
    missing: () => undefined,
  }
  const node = new Node({ first: true })
  const put = (kind: string): void => {
    Reflect.deleteProperty(node, 'next')
    const value = values[kind]?.()
    if (kind === 'getter') {
      Object.defineProperty(node, 'next', {
        get: () => 'got',
        configurable: true,
        enumerable: true,
      })
    } else if (kind !== 'missing') node.next = value
  }
  return { node, put }
}

const kinds = ['object', 'instance', 'null', 'number', 'getter', 'missing']

describe('a field that the program changes', () => {
  const pairs = kinds.flatMap((from) => kinds.map((to) => [from, to] as const))
  test.each(pairs)('from %s to %s is what it is, at each look', async (from, to) => {
    const fn = (node: Node, put: (kind: string) => void, first: string, second: string): string => {
      const seen: string[] = []
      for (const kind of [first, second, first]) {
        put(kind)
        const { next } = node
        seen.push(typeof next, String(next === null), JSON.stringify(next))
      }
      return seen.join()
    }
    const form: Form = {
      fn,
      args: () => {
        const { node, put } = holder()
        return [node, put, from, to]
      },
    }
    const code = bundle(`fields.${from}-${to}`, fn, { trainable: true })
    const plain = await outcome(fn, form)
    const [source] = code.parameters()
    source?.update(`${source.value} `)
    expect(await outcome(code, form)).toBe(plain)
  })

  test('by a timer of the program, whose lists change, does not disturb its callback', async () => {
    const seen: unknown[] = []
    const code = bundle(
      'fields.timer',
      async (on: (call: () => number) => unknown): Promise<number> => {
        on(() => 1)
        return 2
      },
      { trainable: true },
    )
    const [source] = code.parameters()
    source?.update(`${source.value} `)
    let called = (): void => undefined
    const done = new Promise<void>((resolve) => {
      called = resolve
    })
    const on = (call: () => number): unknown =>
      setTimeout(() => {
        seen.push(call())
        called()
      }, 1)
    expect(await code(on)).toBe(2)
    await done
    expect(seen).toEqual([1])
  })
})

class Animal {
  static count = 3
  readonly #name: string
  constructor(name: string) {
    this.#name = name
  }
  static make(name: string): Animal {
    return new this(name)
  }
  get name(): string {
    return this.#name
  }
}
class Dog extends Animal {}

const forms: Readonly<Record<string, Form>> = {
  'data of a function': {
    fn: (fn: { version: number; name: string; length: number }) => [fn.version, fn.length, fn.name],
    args: () => [Object.assign(function named(_a: number, _b: number) {}, { version: 3 })],
  },
  'statics that a class inherits': {
    fn: (name: string) => [Dog.make(name).name, Dog.count, Dog.make(name) instanceof Dog],
    uses: { Dog },
    args: () => ['V1'],
  },
  'a module as a whole': {
    // As text, because the test runner rewrites names that are imported.
    fn: Function(
      'path',
      "return (name) => [path.join(name, 'b'), path.sep, path.posix.basename('/a/b')]",
    )(path),
    uses: { path },
  },
  'a sealed instance': {
    fn: (node: { next: { deep: number } }) => node.next.deep,
    args: () => [Object.seal(new Node({ deep: 1 }))],
  },
  'an instance without fields that takes none': {
    fn: (node: object) => Object.isExtensible(node),
    args: () => [
      Object.preventExtensions(Object.defineProperty(new Node(1), 'secret', { value: 1 })),
    ],
  },
}

describe('the program gives', () => {
  test.each(Object.entries(forms))('%s', async (name, form) => {
    const fn = bundle(`fields ${name}`.replaceAll(/\W/g, '-'), form.fn, {
      trainable: true,
      ...(form.uses ? { uses: form.uses } : {}),
    })
    const plain = await outcome(form.fn, form)
    const [code] = fn.parameters()
    code?.update(`${code.value} `)
    expect(await outcome(fn, form)).toBe(plain)
  })

  test('an object that stays as open or closed as it was', () => {
    const sealed = Object.seal(new Node({ deep: 1 }))
    const code = bundle('fields.closed', (node: Node): unknown => node.name, { trainable: true })
    const [source] = code.parameters()
    source?.update(`${source.value} `)
    expect(code(sealed)).toBe('node')
    expect([Object.isSealed(sealed), Object.isFrozen(sealed)]).toEqual([true, false])
  })
})

describe('a fault of the border', () => {
  const faulty = async (call: (give: (value: unknown) => void) => void): Promise<unknown> => {
    const code = bundle(
      'fields.fault',
      (start: (give: (value: unknown) => void) => void): Promise<unknown> =>
        new Promise((resolve) => start((...given: unknown[]) => resolve(given))),
      { trainable: true },
    )
    const [source] = code.parameters()
    source?.update(`${source.value} `)
    return code(call)
  }

  test('in a function that an event calls ends the call, and not the program', async () => {
    const events = new EventEmitter()
    const promise = faulty((give) => events.on('event', give))
    expect(() => events.emit('event', new Proxy({}, {}))).not.toThrow()
    await expect(promise).rejects.toMatchObject({ code: 'T2_CODE_VALUE' })
    expect(() => events.emit('event', 'later')).not.toThrow()
  })

  test('in a function that a timer calls ends the call, and not the program', async () => {
    let timer: NodeJS.Timeout | undefined
    const promise = faulty((give) => {
      timer = setInterval(() => give(new Proxy({}, {})), 1)
    })
    await expect(promise).rejects.toMatchObject({ code: 'T2_CODE_VALUE' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    clearInterval(timer)
  })

  test('in what a promise of the program gives ends the call', async () => {
    const code = bundle('fields.promise', async (wait: Promise<unknown>) => await wait, {
      trainable: true,
    })
    const [source] = code.parameters()
    source?.update(`${source.value} `)
    const wait = new Promise((resolve) => setTimeout(resolve, 1, new WeakMap()))
    await expect(code(wait)).rejects.toMatchObject({ code: 'T2_CODE_VALUE' })
  })

  test('in a function that was returned is thrown to who calls it', () => {
    const code = bundle('fields.returned', () => (value: unknown) => value, { trainable: true })
    const [source] = code.parameters()
    source?.update(`${source.value} `)
    const echo = code()
    expect(() => echo(new Proxy({}, {}))).toThrow(
      expect.objectContaining({ code: 'T2_CODE_VALUE' }),
    )
    expect(echo(1)).toBe(1)
  })
})
