import { inheritedMember, methodOf, shapeOf } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'
import { isHeld } from './held-promise.ts'

/** What a call gave, as far as recording it has to wait. Told without running any code of the result's. */
export type ResultKind =
  /** A promise of the platform's own, already at work. */
  | 'promise'
  /** Something else with a `then`: a query that may run each time it is awaited. */
  | 'thenable'
  /** What a generator function gives: its items come when they are asked for. */
  | 'generator'
  /** An object that can be iterated with `for await`, and may have other methods that use it up. */
  | 'iterable'
  | 'value'

const promiseThen: unknown = Promise.prototype.then

export function kindOf(result: unknown): ResultKind {
  if (typeof result !== 'object' || result === null) return 'value'
  const shape = shapeOf(result)
  if (shape === 'proxy') return 'value'
  // Data is by far the most frequent result.
  if (shape !== 'other' && !acts(result)) return 'value'
  if (types.isPromise(result)) return isOwnPromise(result) ? 'promise' : 'thenable'
  if (types.isGeneratorObject(result)) return 'generator'
  if (methodOf(result, 'then')) return 'thenable'
  if (!methodOf(result, Symbol.asyncIterator)) return 'value'
  // Streams of Node and of the web can be consumed in ways that would go unseen.
  if (methodOf(result, 'pipe') || methodOf(result, 'getReader')) return 'value'
  return 'iterable'
}

/** A plain promise may be handed on as what follows it; one of a class of its own, or with methods added, may not. */
function isOwnPromise(promise: Promise<unknown>): boolean {
  return inheritedMember(promise, 'then') === promiseThen && isAwaitedDirectly(promise)
}

/** Whether `await` takes a value for a promise of the platform's own, whatever its `then` is. */
export function isAwaitedDirectly(value: unknown): value is Promise<unknown> {
  if (!types.isPromise(value)) return false
  return inheritedMember(value, 'constructor') === Promise || isHeld(value)
}

/** Members that Node puts on promises itself, to know in whose course they were made. */
const platformMembers = new Set(['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore'])
/** Symbols of which it is known that any promise has them. */
const knownSymbols = new Set<symbol>()
const mostKnown = 1_000

/** Whether a promise has members beside being one: they are the caller's. */
export function hasOwnMembers(promise: object): boolean {
  if (Object.getOwnPropertyNames(promise).length > 0) return true
  for (const symbol of Object.getOwnPropertySymbols(promise)) {
    if (!knownSymbols.has(symbol) && !isMemberOfAny(symbol)) return true
  }
  return false
}

/** Whether promises have a member whoever makes them, as tools that follow asynchronous work give it to them. */
function isMemberOfAny(symbol: symbol): boolean {
  const isKnown =
    platformMembers.has(symbol.description ?? '') ||
    Object.hasOwn(new Promise(() => undefined), symbol)
  if (isKnown && knownSymbols.size < mostKnown) knownSymbols.add(symbol)
  return isKnown
}

function acts(data: object): boolean {
  return Object.hasOwn(data, 'then') || Object.hasOwn(data, Symbol.asyncIterator)
}
