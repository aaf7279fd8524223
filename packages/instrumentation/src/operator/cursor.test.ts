import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'
import { formOf, readStep } from './iterator-result.ts'
import { endSuspended } from './suspended.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const outputOf = (name: string) => spanOf(recorded.spans(), name).attributes['output.value']

/** As the cursors of databases: `next` gives a document, and null at the end. */
class Cursor<T> {
  readonly #left: (T | null)[]
  protected constructor(documents: readonly T[]) {
    this.#left = [...documents]
  }
  static of<T>(...documents: readonly T[]): Cursor<T> {
    return new this(documents)
  }
  async hasNext(): Promise<boolean> {
    return this.#left.length > 0
  }
  async next(): Promise<T | null> {
    return this.#left.shift() ?? null
  }
  /** Takes them all at once. */
  async all(): Promise<(T | null)[]> {
    return this.#left.splice(0)
  }
  async toArray(): Promise<T[]> {
    const documents: T[] = []
    for await (const document of this) documents.push(document)
    return documents
  }
  async forEach(each: (document: T) => void): Promise<void> {
    for (let next = await this.next(); next !== null; next = await this.next()) each(next)
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (let next = await this.next(); next !== null; next = await this.next()) yield next
  }
}

/** Asks for its documents without a promise of the platform's. */
class CallbackCursor<T> extends Cursor<T> {
  static override of<T>(...documents: readonly T[]): CallbackCursor<T> {
    return new this(documents)
  }
  override next(): Promise<T | null> {
    const next = super.next()
    // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
    return { then: next.then.bind(next) } as Promise<T | null>
  }
}

const documents = [{ text: 'the first' }, { text: 'the second' }]

/** Ways to read a cursor, and what is recorded of it: what it gave, or that it was used up unseen. */
const reads: readonly (readonly [
  string,
  (cursor: Cursor<unknown>) => Promise<unknown>,
  unknown,
])[] = [
  ['toArray', (cursor) => cursor.toArray(), documents],
  [
    'for await',
    async (cursor) => {
      const read: unknown[] = []
      for await (const document of cursor) read.push(document)
      return read
    },
    documents,
  ],
  ['one next', (cursor) => cursor.next(), documents.slice(0, 1)],
  [
    'forEach',
    async (cursor) => {
      const read: unknown[] = []
      await cursor.forEach((document) => void read.push(document))
      return read
    },
    documents,
  ],
  [
    'hasNext and next',
    async (cursor) => {
      const read: unknown[] = []
      while (await cursor.hasNext()) read.push(await cursor.next())
      return read
    },
    documents,
  ],
  [
    'next, and for await the rest',
    async (cursor) => {
      const read = [await cursor.next()]
      for await (const document of cursor) read.push(document)
      return read
    },
    documents,
  ],
  ['at once, unseen', (cursor) => cursor.all(), undefined],
  ['not at all', async () => 'nothing', undefined],
]

describe.each([
  ['a cursor', Cursor],
  ['a cursor with promises of its own', CallbackCursor],
] as const)('%s', (_kind, kind) => {
  test.each(reads)(
    'read by %s is as without us; its span ends with the run',
    async (_, read, seen) => {
      const plain = await read(kind.of<unknown>(...documents))
      const find = bundle('find', () => kind.of<unknown>(...documents))
      expect(await run('agent', async () => read(find()))()).toEqual(plain)
      const output = String(outputOf('find'))
      if (seen === undefined) expect(output).toMatch(/^"\[\w*Cursor\]"$/)
      else expect(JSON.parse(output)).toEqual(seen)
    },
  )

  test('read by anything is as it was', async () => {
    for (const [, read] of reads) {
      const cursor = kind.of<unknown>(...documents)
      await run('agent', async () => read(bundle('find', () => cursor)()))()
      expect(Reflect.ownKeys(cursor)).toEqual([])
    }
  })

  test('gives documents whose origin is known', async () => {
    const use = bundle('use', (document: unknown) => document)
    await run('agent', async () => {
      const found = bundle('find', () =>
        kind.of<unknown>(...documents.map((each) => ({ ...each }))),
      )()
      await found.next()
      use(await found.next())
    })()
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['document=find#/1!identity'])
  })

  test('that gives nothing gave an empty list', async () => {
    await run('agent', async () => bundle('find', () => kind.of<unknown>())().next())()
    expect(outputOf('find')).toBe('[]')
  })
})

describe('an iterator', () => {
  type Result = { done?: boolean; value?: unknown }
  const iterate = (next: () => unknown) => {
    const iterator = { next, [Symbol.asyncIterator]: () => iterator }
    return iterator as unknown as AsyncIterableIterator<unknown>
  }
  const counting = (give: (result: Result) => unknown) => {
    let count = 0
    return iterate(() =>
      give(count++ < 2 ? { value: `item ${count}`, done: false } : { done: true }),
    )
  }
  let reads = 0
  const forms: readonly (readonly [string, () => AsyncIterableIterator<unknown>, unknown])[] = [
    ['of plain results', () => counting((result) => result), 'item 1item 2'],
    ['of promises', () => counting(async (result) => result), 'item 1item 2'],
    [
      'of promises of its own',
      // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
      () => counting((result) => ({ then: (ok: (value: Result) => void) => ok(result) })),
      'item 1item 2',
    ],
    [
      'of frozen promises of its own, which cannot be followed',
      () =>
        counting((result) =>
          // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
          Object.freeze({ then: (ok: (value: Result) => void) => ok(result) }),
        ),
      '{}',
    ],
    [
      'of results with more than the protocol says',
      () => counting((result) => ({ value: undefined, ...result, at: 1 })),
      'item 1item 2',
    ],
    [
      'of results whose members are getters',
      () =>
        counting((result) => ({
          get done() {
            reads++
            return result.done
          },
          value: result.value,
        })),
      '{}',
    ],
    ['of proxies', () => counting((result) => new Proxy(result, {})), '{}'],
  ]
  test.each(forms)('%s is read as without us, and its span ends', async (_, make, output) => {
    const readAll = async (iterator: AsyncIterable<unknown>) => {
      reads = 0
      const items: unknown[] = []
      for await (const item of iterator) items.push(item)
      return { items, reads }
    }
    const plain = await readAll(make())
    expect(await readAll(bundle('stream', make)())).toEqual(plain)
    expect(outputOf('stream')).toEqual(output)
  })

  test('whose result is an item or a step is told by its members', () => {
    const value = fc.oneof(fc.anything(), fc.constant(undefined))
    const steps = fc.record({ done: fc.boolean(), value }, { requiredKeys: ['done'] })
    fc.assert(
      fc.property(steps, (step) => {
        expect(formOf(step)).toBe('steps')
        expect(readStep('steps', step)).toEqual(
          step.done ? { done: true, value: undefined } : { done: false, value: step.value },
        )
      }),
    )
    const document = fc.dictionary(fc.constantFrom('id', 'text', 'done', 'at'), fc.anything(), {
      minKeys: 1,
    })
    fc.assert(
      fc.property(document, (fields) => {
        fc.pre(Object.keys(fields).some((key) => key !== 'done'))
        expect(formOf(fields)).toBe('items')
        expect(readStep('items', fields)).toEqual({ done: false, value: fields })
      }),
    )
  })
})

describe('a generator that a run hands out', () => {
  class Reply {
    readonly stream: Iterable<string>
    constructor(stream: Iterable<string>) {
      this.stream = stream
    }
  }
  class Hidden {
    readonly #stream: Iterable<string>
    constructor(stream: Iterable<string>) {
      this.#stream = stream
    }
    read() {
      return [...this.#stream]
    }
  }
  const words = bundle('words', function* () {
    yield 'one '
    yield 'two'
  })
  const ways: readonly (readonly [string, () => () => readonly string[]])[] = [
    [
      'in an instance',
      run('agent', () => {
        const reply = new Reply(words())
        return () => [...reply.stream]
      }),
    ],
    [
      'behind a private field',
      run('agent', () => {
        const hidden = new Hidden(words())
        return () => hidden.read()
      }),
    ],
    [
      'in a function',
      run('agent', () => {
        const stream = words()
        return () => [...stream]
      }),
    ],
  ]
  test.each(ways)('%s is recorded when it is read', (_, agent) => {
    const read = agent()
    expect(read()).toEqual(['one ', 'two'])
    expect(outputOf('words')).toBe('one two')
  })

  test('and that is dropped ends when it is collected', async () => {
    run('agent', () => {
      words()
    })()
    const isOpen = () => recorded.spans().every(({ name }) => name !== 'words')
    for (let round = 0; round < 50 && isOpen(); round++) await collectGarbage()
    expect(outputOf('words')).toBe('[]')
  })

  test('ends with the process, with what was read of it', () => {
    const [first, second] = run('agent', () => [words(), words()])()
    first?.next()
    endSuspended()
    const outputs = recorded
      .spans()
      .map(({ name, attributes }) => [name, attributes['output.value']])
    expect(outputs.filter(([name]) => name === 'words')).toEqual([
      ['words', 'one '],
      ['words', '[]'],
    ])
    expect([...(first ?? []), ...(second ?? [])]).toEqual(['two', 'one ', 'two'])
    expect(recorded.spans()).toHaveLength(3)
  })
})
