import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../index.ts'
import { type Form, outcome } from '../testing/outcome.ts'
import { enableIsolation } from './index.ts'

beforeAll(() => enableIsolation())

class List extends Array<number> {
  sum(): number {
    return this.reduce((all, each) => all + each, 0)
  }
}

function stream(): ReadableStream<string> {
  return new ReadableStream({
    start(control) {
      for (const word of ['one', 'two', 'three']) control.enqueue(word)
      control.close()
    },
  })
}

interface Words {
  of(words: ReadableStream<string>): AsyncIterable<string>
}
// What a stream iterates over is known to the runtime, and not to the types of a browser.
const words: Words = { of: (each) => each as unknown as AsyncIterable<string> }

/** Takes what is iterable apart, to compare it whatever makes its steps. */
function taken(value: unknown): unknown {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
    ? [...(value as Iterable<unknown>)]
    : value
}

const forms: Readonly<Record<string, Form>> = {
  'a stream of the web': {
    fn: async (made: AsyncIterable<string> & ReadableStream<string>) => {
      const seen: string[] = []
      for await (const word of made) seen.push(word)
      return [seen, made.locked]
    },
    args: () => [words.of(stream())],
  },
  'a stream of the web that is left early': {
    fn: async (made: AsyncIterable<string> & ReadableStream<string>) => {
      for await (const word of made) return [word]
      return []
    },
    args: () => [words.of(stream())],
  },
  'the body of a response': {
    fn: async (url: string) => {
      const { body } = await fetch(url)
      let size = 0
      for await (const part of body as unknown as AsyncIterable<Uint8Array>) size += part.length
      return size
    },
    uses: { fetch },
    args: () => ['data:text/plain,hello'],
  },
  'a Blob': {
    fn: async (blob: Blob) => {
      let size = 0
      for await (const part of blob.stream() as unknown as AsyncIterable<Uint8Array>)
        size += part.length
      return size
    },
    args: () => [new Blob(['abc'])],
  },
  'an iterator with methods of its own': {
    fn: async (made: AsyncIterable<number>) => {
      const seen: number[] = []
      for await (const each of made) seen.push(each)
      return seen
    },
    args: () => {
      let count = 0
      const steps = Object.create({ kind: 'steps' })
      steps.next = async () => ({ value: count, done: count++ > 2 })
      steps[Symbol.asyncIterator] = () => steps
      return [steps]
    },
  },
  'an iterator of an array': {
    fn: (all: Iterable<number>) => [...all],
    args: () => [[1, 2].values()],
  },
  'an array of a class': {
    fn: (list: List) => [list.sum(), list.map((each) => each * 2)],
    args: () => [List.from([1, 2, 3])],
  },
  'an array of a class, changed by its methods': {
    fn: (list: List) => {
      const doubled = list.map((each) => each * 2).filter((each) => each > 2) as List
      doubled.push(10)
      return [doubled.sum(), doubled, list.slice(1), list.concat(4)]
    },
    args: () => [List.from([1, 2, 3])],
  },
  'the text of bytes': {
    fn: (bytes: Buffer) => [
      bytes.toString('hex'),
      bytes.toString(),
      `${bytes}`,
      JSON.stringify(bytes),
    ],
    args: () => [Buffer.from('häßlich')],
  },
  'bytes that are made': {
    fn: (text: string) => [
      Buffer.from(text).toString('base64'),
      Buffer.concat([Buffer.from(text), Buffer.alloc(2, 1)]),
      Buffer.isBuffer(Buffer.from(text).subarray(1)),
      Buffer.from(text) instanceof Buffer,
    ],
    uses: { Buffer },
    args: () => ['abc'],
  },
  'bytes of a file': {
    fn: (path: string) => readFileSync(path).toString().length,
    uses: { readFileSync },
    args: () => ['package.json'],
  },
  'what the methods of bytes find, write and read': {
    fn: (bytes: Buffer) => {
      bytes.writeUInt16BE(0x4142, 1)
      bytes.fill('z', 4)
      return [bytes.includes('AB'), bytes.indexOf('z'), bytes.readInt8(0), bytes.equals(bytes)]
    },
    args: () => [Buffer.from('abcdef')],
  },
  'a part of bytes that is changed': {
    fn: (bytes: Buffer) => {
      const [first, second] = [bytes.subarray(1, 3), bytes.slice(2)]
      first[0] = 65
      second[0] = 66
      return [first, second]
    },
    args: () => [Buffer.from('abcdef')],
  },
}

function changed(name: string, form: Form): (...args: unknown[]) => unknown {
  const fn = bundle(`collections ${name}`.replaceAll(/\W/g, '-'), form.fn, {
    trainable: true,
    ...(form.uses ? { uses: form.uses } : {}),
  })
  const [code] = fn.parameters()
  code?.update(`${code.value} `)
  return fn as (...args: unknown[]) => unknown
}

describe('changed code does the same with', () => {
  test.each(Object.entries(forms))('%s', async (name, form) => {
    const plain = await outcome(form.fn, form)
    expect(await outcome(changed(name, form), form)).toBe(plain)
  })

  test('an array of a class, whose results are of the class', () => {
    const fn = changed('results', { fn: (list: List) => list.map((each) => each + 1) })
    const made = fn(List.from([1, 2]))
    expect(made).toBeInstanceOf(List)
    expect(made instanceof List && made.sum()).toBe(5)
  })

  test('any part of any bytes', () => {
    const form: Form = { fn: (bytes: Buffer, from: number, to: number) => bytes.subarray(from, to) }
    const fn = changed('parts', form)
    const place = fc.integer({ min: -5, max: 12 })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), place, place, (bytes, from, to) => {
        const given = Buffer.from(bytes)
        const part = fn(given, from, to)
        expect(Buffer.isBuffer(part) && part.toString('hex')).toBe(
          given.subarray(from, to).toString('hex'),
        )
      }),
      { numRuns: 50 },
    )
  })

  test.each<[string, Form]>([
    ['entries of a map', { fn: () => new Map([['a', 1]]).entries() }],
    [
      'keys of a map that was given',
      { fn: (m: Map<string, number>) => m.keys(), args: () => [new Map([['a', 1]])] },
    ],
    ['values of a set', { fn: () => new Set([1, 2]).values() }],
    ['steps of an array', { fn: () => [1, 2][Symbol.iterator]() }],
    ['characters of a text', { fn: () => 'añ😀'[Symbol.iterator]() }],
    ['matches one by one', { fn: () => 'abab'.matchAll(/(a)b/g) }],
  ])('iterators that it returns: %s', (name, form) => {
    const args = form.args ?? (() => [])
    const plain: unknown = Reflect.apply(form.fn, undefined, args())
    expect(taken(changed(name, form)(...args()))).toEqual(taken(plain))
  })

  test('an iterator that it returns and that is left early', () => {
    const steps = changed('left early', { fn: () => new Set([1, 2]).values() })()
    for (const each of steps as Iterable<number>) {
      expect(each).toBe(1)
      break
    }
    expect([...(steps as Iterable<number>)]).toEqual([])
  })
})
