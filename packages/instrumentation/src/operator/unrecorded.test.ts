import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { configureContent } from '../content/settings.ts'
import { bundle, parameter, run } from '../index.ts'
import { edgesOf, recordSpans } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())
const ownPrepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
afterEach(() => {
  configureContent({ mask: undefined })
  if (ownPrepare) Object.defineProperty(Error, 'prepareStackTrace', ownPrepare)
  else Reflect.deleteProperty(Error, 'prepareStackTrace')
})

const names = () => recorded.spans().map(({ name }) => name)
const tone = parameter('unrecorded.tone', 'kind')

/** Something that asks a recorded function what it is. */
class Doc {
  static asked = 0
  readonly text = 'words'
  readonly #describe: (doc: Doc) => unknown

  constructor(describe: (doc: Doc) => unknown) {
    this.#describe = describe
  }

  toJSON() {
    Doc.asked++
    if (Doc.asked > 100) throw new Error('asked without end')
    return this.#describe(this)
  }
}
beforeEach(() => {
  Doc.asked = 0
})

const label = bundle('label', (...docs: Doc[]) => `#${docs.map(({ text }) => text).join()}`)
const inside: [string, (doc: Doc) => unknown][] = [
  ['the function that it was passed to', (doc) => label(doc)],
  ['the same with itself twice', (doc) => label(doc, doc)],
  ['a run', (doc) => run('label-run', () => label(doc))()],
  ['a node', (doc) => label.node(doc).value],
  ['a generator', (doc) => [...bundle('label-all', () => [label(doc)].values())()]],
  ['a parameter', () => tone.value],
]

test.each(inside)('what a toJSON does is no step: %s', (_, describe) => {
  expect(label(new Doc(describe), new Doc(describe))).toBe('#words,words')
  expect(names()).toEqual(['label'])
  expect(Doc.asked).toBeLessThanOrEqual(4)
  recorded.reset()
  const give = bundle('give', () => ({ deep: [new Doc(describe)] }))
  run('around', () => label(give().deep[0] ?? new Doc(describe)))()
  expect(names().sort()).toEqual(['around', 'give', 'label'])
  // Reading the parameter there is no use of it.
  expect(edgesOf(recorded.spans(), 'around').join()).not.toContain('unrecorded.tone')
})

test('what a mask does is no step', () => {
  let asked = 0
  const redact = bundle('redact', (value: unknown) => {
    if (++asked > 100) throw new Error('asked without end')
    return typeof value === 'string' ? value.replace('secret', '…') : value
  })
  configureContent({ mask: (value) => redact(value) })
  const tell = bundle('tell', (text: string) => `told ${text}`)
  expect(tell('a secret')).toBe('told a secret')
  const own = bundle('own', (text: string) => text, { mask: (value) => redact(value) })
  own('a secret')
  expect(names()).toEqual(['tell', 'own'])
  for (const { attributes } of recorded.spans()) {
    expect(attributes['input.value']).toBe('{"text":"a …"}')
  }
})

test('what finds the session is no step', () => {
  const sessionOf = bundle('session-of', (id: unknown) => `s-${id}`)
  const chat = bundle('chat', (id: string) => id, { session: (id) => sessionOf(id) })
  expect(chat('7')).toBe('7')
  expect(names()).toEqual(['chat'])
  expect(recorded.spans()[0]?.attributes['session.id']).toBe('s-7')
})

test('what formats a stack is no step', () => {
  const format = bundle('format', (error: Error) => `formatted ${error.message}`)
  Error.prepareStackTrace = (error) => format(error)
  const fails = bundle('fails-formatted', () => {
    throw new Error('no')
  })
  expect(fails).toThrow('no')
  expect(names()).toEqual(['fails-formatted'])
})
