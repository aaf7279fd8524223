import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { bundle } from '../index.ts'
import { enableCodeFrames } from '../nodejs/code-frames.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

/** What is recorded of a throw. */
function recordedOf(thrown: unknown) {
  recorded.reset()
  const fails = bundle('fails', () => {
    throw thrown
  })
  let caught: unknown
  try {
    fails()
  } catch (error) {
    caught = error
  }
  expect(caught).toBe(thrown)
  return spanOf(recorded.spans(), 'fails')
}

/** What an error says as an input. */
function messageAsInput(error: unknown): unknown {
  recorded.reset()
  bundle('takes', (input: unknown) => typeof input)(error)
  const inputs = JSON.parse(String(spanOf(recorded.spans(), 'takes').attributes['input.value']))
  return inputs.input.message
}

class Lost extends Error {
  readonly status = 404
  readonly path = '/tickets/7'
  override get message(): string {
    throw new Error('a getter was run')
  }
}
class Inherited extends Error {}
Object.defineProperty(Inherited.prototype, 'message', { value: 'no such ticket' })
class Field extends Error {
  override message = 'from a field'
}
class Issues extends Error {
  readonly issues = [
    { path: ['ticket', 0, 'title'], message: 'Required' },
    { path: [], message: 'Unknown key' },
    'a text',
    null,
  ]
  override get message(): string {
    throw new Error('a getter was run')
  }
}
const zodError = z.object({ title: z.string() }).safeParse({}).error
const ownGetter = Object.defineProperty(new Error(), 'message', {
  get: () => {
    throw new Error('a getter was run')
  },
})

describe('the message of an error', () => {
  test.each<[string, unknown, string]>([
    ['own', new Error('wrong'), 'wrong'],
    ['of its class', new Inherited(), 'no such ticket'],
    ['of a class field', new Field(), 'from a field'],
    ['of the error it was made from', Object.create(new TypeError('the first')), 'the first'],
    ['none', new Error(), ''],
    ['that is a number', Object.assign(new Error(), { message: 42 }), '42'],
    [
      'that is an object',
      Object.assign(new Error(), { message: { a: 1 }, code: 'E_ODD' }),
      'code: E_ODD',
    ],
    [
      'behind the getter of zod',
      zodError,
      'Invalid input: expected string, received undefined (title)',
    ],
    ['behind a getter, of issues', new Issues(), 'Required (ticket.0.title); Unknown key; a text'],
    ['behind the getter of a class', new Lost(), 'status: 404, path: /tickets/7'],
    ['behind a getter of its own', ownGetter, ''],
    ['of the platform', new DOMException('stopped', 'AbortError'), 'stopped'],
  ])('%s is recorded where it is thrown and where it is passed', (_, error, message) => {
    const { status, events } = recordedOf(error)
    expect(status).toEqual({ code: 2, ...(message === '' ? { message: '' } : { message }) })
    expect(events[0]?.attributes?.['exception.message']).toBe(message)
    expect(messageAsInput(error)).toBe(message)
  })
})

describe('an error', () => {
  const hooks: readonly (readonly [string, (error: Error, sites: NodeJS.CallSite[]) => unknown])[] =
    [
      [
        'throws',
        () => {
          throw new Error('in the hook')
        },
      ],
      ['gives no text', (_error, sites) => sites],
    ]
  test.each(hooks)('is recorded where the hook that writes its stack %s', (_, hook) => {
    enableCodeFrames()
    const before = Error.prepareStackTrace
    const error = new TypeError('wrong', { cause: new Error('beneath') })
    Error.prepareStackTrace = hook
    try {
      const { status, events, attributes } = recordedOf(error)
      expect(status).toEqual({ code: 2, message: 'wrong' })
      expect(attributes['error.type']).toBe('TypeError')
      expect(events[0]?.attributes).toEqual({
        'exception.type': 'TypeError',
        'exception.message': 'wrong',
        'trace2.exception.causes': ['Error: beneath'],
      })
    } finally {
      Error.prepareStackTrace = before
    }
  })

  test('of much text is not copied', () => {
    const large = 'x'.repeat(50_000_000)
    const named = Object.assign(new Error('short'), { name: large })
    for (const error of [new Error(large), named, new Error('outer', { cause: named })]) {
      const { events, status } = recordedOf(error)
      expect(JSON.stringify([events, status]).length).toBeLessThan(10_000)
    }
    const { attributes = {} } = recordedOf(new Error(large)).events[0] ?? {}
    expect(attributes['exception.message']).toBe('[text of 50000000 characters]')
    expect(attributes['exception.stacktrace']).toBeUndefined()
  })

  test('that gathers others asks their list nothing', () => {
    let asked = 0
    class Gathered extends Array<unknown> {
      static override get [Symbol.species]() {
        asked++
        return Array
      }
    }
    const list = Gathered.from([new Error('one'), new Error('two'), new Error('three')])
    Object.defineProperty(list, 1, {
      get: () => {
        asked++
        return 'two'
      },
    })
    const all = new AggregateError([], 'all failed')
    Object.defineProperty(all, 'errors', { value: list, enumerable: true })
    const { events } = recordedOf(all)
    expect(events[0]?.attributes?.['trace2.exception.causes']).toEqual([
      'Error: one',
      'Error: three',
    ])
    expect(messageAsInput(all)).toBe('all failed')
    expect(asked).toBe(0)
  })
})
