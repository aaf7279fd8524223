import type { RecordedError, RecordedValue } from '../answering/index.ts'
import { restoreUndefined } from '../content/undefined-members.ts'

/** What a recorded call gave, to be given again. */
export type Answer =
  | RecordedValue
  | RecordedError
  | { readonly kind: 'thrown'; readonly error: unknown }

/**
 * Gives an answer in the form in which the function would give it: a fresh copy of a value, a promise, a generator, an object
 * that is iterated with `for await`.
 *
 * @param past called when more is asked of a stream than was read of the recorded one; throws.
 */
export function give(answer: Answer, form: string, past: () => never): unknown {
  const [outer, ...inner] = form.split(' of ')
  const rest = inner.join(' of ')
  switch (outer) {
    case 'promise':
    case 'thenable':
      return new Promise((resolve) => resolve(give(answer, rest, past)))
    case 'generator':
      return items(answer, past)
    case 'async generator':
      return laterItems(answer, past)
    case 'iterable': {
      const iterator = laterItems(answer, past)
      return { [Symbol.asyncIterator]: () => iterator }
    }
    default:
      if (answer.kind === 'value') return copyOf(answer)
      throw errorOf(answer)
  }
}

function copyOf({ value, undefined: missing = [] }: RecordedValue): unknown {
  if (value === undefined) return undefined
  const copy: unknown = structuredClone(value)
  restoreUndefined(copy, missing)
  return copy
}

function* items(answer: Answer, past: () => never): Generator<unknown> {
  if (answer.kind === 'thrown') throw answer.error
  const given = answer.kind === 'value' ? answer : answer.came
  yield* given ? piecesOf(given) : []
  if (answer.kind === 'error') throw errorOf(answer)
  if (answer.isUnfinished) past()
}

async function* laterItems(answer: Answer, past: () => never): AsyncGenerator<unknown> {
  yield* items(answer, past)
}

function piecesOf(given: RecordedValue): readonly unknown[] {
  const { value, pieces } = given
  if (Array.isArray(value)) {
    const items = copyOf(given)
    return Array.isArray(items) ? items : []
  }
  if (typeof value !== 'string') return []
  let at = 0
  return (pieces ?? [value.length]).map((length) => {
    at += length
    return value.slice(at - length, at)
  })
}

type ErrorClass = new (message: string) => Error

const builtIn: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['EvalError', EvalError],
  ['RangeError', RangeError],
  ['ReferenceError', ReferenceError],
  ['SyntaxError', SyntaxError],
  ['TypeError', TypeError],
  ['URIError', URIError],
])

/** What was thrown: an error of the recorded type and message, or the very value where it was no error. */
function errorOf(answer: Exclude<Answer, RecordedValue>): unknown {
  if (answer.kind === 'thrown') return answer.error
  const { type, message, members } = answer
  switch (type) {
    case 'string':
      return message
    case 'number':
      return Number(message)
    case 'boolean':
      return message === 'true'
    case 'undefined':
      return undefined
    case 'object':
      return message === 'null' ? null : withMembers(thrownObject(message), members)
    default:
      return withMembers(errorOfType(type, message), members)
  }
}

function withMembers(error: object, members: RecordedError['members']): object {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(error, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
  return error
}

function errorOfType(type: string, message: string): Error {
  const known = builtIn.get(type)
  if (known) return new known(message)
  if (type === 'AbortError' || type === 'TimeoutError') return new DOMException(message, type)
  const error = new Error(message)
  if (type !== 'Error')
    Object.defineProperty(error, 'name', { value: type, configurable: true, writable: true })
  return error
}

function thrownObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // The object had a message of its own, which is all that is known of it.
  }
  return { message: text }
}
