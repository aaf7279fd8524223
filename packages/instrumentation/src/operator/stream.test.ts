import { afterAll, beforeEach, expect, test } from 'vitest'
import { bundle, parameter, run } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const tone = parameter('stream.tone', 'friendly and short')
const inner = bundle('stream-inner', (text: string) => `${text}, inside`)
const words = bundle('words', async function* (text: string) {
  for (const word of text.split(' ')) yield `${inner(word).split(',')[0]} `
})
const objects = bundle('objects', function* (count: number) {
  for (let index = 0; index < count; index++) yield { index, tone: tone.value }
  return 'done'
})
const use = bundle('use', (item: unknown) => item)

test('a generator is the same to its caller, and its span ends with it', async () => {
  const collected: string[] = []
  const stream = words('one two three')
  expect(Object.prototype.toString.call(stream)).toBe('[object AsyncGenerator]')
  for await (const word of stream) {
    expect(recorded.spans().map((span) => span.name)).not.toContain('words')
    collected.push(word)
  }
  expect(collected).toEqual(['one ', 'two ', 'three '])
  const span = spanOf(recorded.spans(), 'words')
  expect(span.attributes['output.value']).toBe('one two three ')
  const parents = recorded.spans().filter((span) => span.name === 'stream-inner')
  expect(parents.map((child) => child.parentSpanContext?.spanId)).toEqual(
    [1, 2, 3].map(() => span.spanContext().spanId),
  )
})

test('what it yields knows where it came from before it ends', () => {
  run('agent', () => {
    const iterator = objects(2)
    use(iterator.next().value)
    expect([...iterator]).toHaveLength(1)
  })()
  expect(edgesOf(recorded.spans(), 'use')).toEqual(['item=objects#/0!identity'])
  expect(spanOf(recorded.spans(), 'objects').attributes['output.value']).toBe(
    '[{"index":0,"tone":"friendly and short"},{"index":1,"tone":"friendly and short"}]',
  )
  expect(edgesOf(recorded.spans(), 'objects')).toEqual(['stream.tone=param:stream.tone'])
})

test('a stream that is handed on whole is the origin of what it is handed to', async () => {
  const joined = bundle('joined', async (stream: AsyncIterable<string>) => {
    let text = ''
    for await (const word of stream) text += word
    return text
  })
  await run('agent', () => joined(words('a longer text')))()
  expect(edgesOf(recorded.spans(), 'joined')).toEqual(['stream=words!identity'])
})

test('the text of a stream is the origin of the text that was put together from it', async () => {
  await run('agent', async () => {
    let text = ''
    for await (const word of words('a longer text')) text += word
    use(text)
  })()
  expect(edgesOf(recorded.spans(), 'use')).toEqual(['item=words!value'])
})

test('a stream that is left early ends with what it gave', async () => {
  for await (const _word of words('one two three')) break
  expect(spanOf(recorded.spans(), 'words').attributes['output.value']).toBe('one ')
})

test('an error in a stream makes an exception node', async () => {
  const breaks = bundle('breaks', async function* () {
    yield 'first'
    throw new Error('lost the line')
  })
  await expect(async () => {
    for await (const _item of breaks());
  }).rejects.toThrow('lost the line')
  expect(spanOf(recorded.spans(), 'breaks').status.code).toBe(2)
})

test('an async iterable keeps its own methods', async () => {
  class Reply {
    #items = ['x', 'y']
    get size() {
      return this.#items.length
    }
    abort() {
      this.#items = []
    }
    async *[Symbol.asyncIterator]() {
      yield* this.#items
    }
  }
  const reply = bundle('reply', async () => new Reply())
  const stream = await reply()
  expect(stream).toBeInstanceOf(Reply)
  expect(stream.size).toBe(2)
  for await (const _item of stream);
  expect(spanOf(recorded.spans(), 'reply').attributes['output.value']).toBe('xy')
  stream.abort()
  expect(stream.size).toBe(0)
})

test('a stream that is dropped ends when it is collected', async () => {
  ;(() => words('never read').next())()
  const isOpen = () => recorded.spans().every(({ name }) => name !== 'words')
  for (let round = 0; round < 50 && isOpen(); round++) await collectGarbage()
  expect(spanOf(recorded.spans(), 'words').attributes['output.value']).toBe('never ')
})
