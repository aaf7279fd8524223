import { methodOf } from '../inspection/members.ts'
import { shadowMethod } from '../inspection/shadow.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'
import type { Recording } from './recording.ts'
import { kindOf } from './results.ts'
import type { Suspended } from './suspended.ts'
import { handlers, isHandler, onThen, type Settled } from './thenable.ts'

/** Methods by which queries are run beside `then`: those of Prisma, mongoose and Drizzle do not go through it. */
const otherUses = ['catch', 'finally', 'exec', 'execute', 'requestTransaction', 'run', 'all']

/** Which of them objects inherit, by their prototypes: a program makes many queries of a few classes. */
const inheritedUses = new WeakMap<object, readonly string[]>()

function otherUsesOf(thenable: object): readonly string[] {
  const own = otherUses.filter((key) => Object.hasOwn(thenable, key))
  const prototype: unknown = Object.getPrototypeOf(thenable)
  if (typeof prototype !== 'object' || prototype === null) return own
  let inherited = inheritedUses.get(prototype)
  if (!inherited) {
    inherited = otherUses.filter((key) => methodOf(prototype, key) !== undefined)
    inheritedUses.set(prototype, inherited)
  }
  return own.length === 0 ? inherited : [...new Set([...own, ...inherited])]
}

/**
 * Ends the recording when the caller first uses a thenable, and that settles. Nothing is called before: a query that runs
 * each time it is awaited runs exactly as often as it does without us. `record` is told the value.
 */
export function watchThenable(
  thenable: object,
  recording: Recording,
  record: (value: unknown) => void,
): void {
  const use = new Use(recording, record)
  const restored = [
    shadowMethod(
      thenable,
      'then',
      (then, layer) =>
        function (this: unknown, ...args) {
          if (this !== thenable || !layer.isOn) return Reflect.apply(then, this, args)
          return use.thenCalled(args, (given) => Reflect.apply(then, thenable, given))
        },
    ),
    ...otherUsesOf(thenable).map((key) =>
      shadowMethod(
        thenable,
        key,
        (method, layer) =>
          function (this: unknown, ...args) {
            if (this !== thenable || !layer.isOn || use.isRunning) {
              return Reflect.apply(method, this, args)
            }
            return use.otherCalled(thenable, key, args, (given) =>
              Reflect.apply(method, thenable, given),
            )
          },
      ),
    ),
  ]
  if (restored.every((restore) => restore === undefined)) recording.succeed(thenable)
  else {
    use.wait(thenable, () => {
      for (const restore of restored) restore?.()
    })
  }
}

/** The first use of a thenable. Does not keep it. */
class Use {
  readonly #recording: Recording
  readonly #settled: Settled
  #suspended: Suspended | undefined
  #hasBegun = false
  #isOver = false
  /** Whether a method runs of which it is not known yet whether it calls `then`, or another. */
  isRunning = false

  constructor(recording: Recording, record: (value: unknown) => void) {
    this.#recording = recording
    const once = (end: (value: unknown) => void) => (value: unknown) => {
      if (this.#isOver) return
      this.#isOver = true
      this.#suspended?.resume()
      end(value)
    }
    this.#settled = { value: once(record), error: once((error) => recording.fail(error)) }
  }

  wait(object: object, undo: () => void): void {
    this.#suspended = this.#recording.suspend(object, undo)
  }

  #begin(): void {
    this.#hasBegun = true
    this.#suspended?.resume()
  }

  thenCalled(args: readonly unknown[], apply: (args: readonly unknown[]) => unknown): unknown {
    this.#begin()
    const given = handlers(args, this.#settled)
    const result = withContext(this.#recording.context, () => apply(given))
    if (isHandler(args[0]) && isHandler(args[1])) return result
    if (isSettling(result)) return this.#follow(result)
    // Of what has no handler nobody is told. It is over at the latest when no handler can be called any more.
    const handler = given.find(isHandler)
    if (handler && !this.#isOver) this.wait(handler, () => undefined)
    return result
  }

  /** A call of another method. Many of them call `then`, which tells; of the others, what they return does. */
  otherCalled(
    thenable: object,
    key: string,
    args: readonly unknown[],
    apply: (args: readonly unknown[]) => unknown,
  ): unknown {
    let result: unknown
    const around = activeContext()
    this.isRunning = true
    try {
      const given = args.map((arg) =>
        isHandler(arg) ? this.#callback(key, arg, (call) => withContext(around, call)) : arg,
      )
      result = withContext(this.#recording.context, () => apply(given))
    } catch (error) {
      if (!this.#hasBegun) {
        this.#begin()
        this.#settled.error(error)
      }
      throw error
    } finally {
      this.isRunning = false
    }
    // A method of that name may also only add to the query.
    if (this.#hasBegun || result === thenable) return result
    this.#begin()
    return this.#follow(result)
  }

  #callback(
    key: string,
    callback: (...values: readonly unknown[]) => unknown,
    inContext: (call: () => unknown) => unknown,
  ): unknown {
    const { error } = this.#settled
    return function (this: unknown, ...values: readonly unknown[]) {
      if (key === 'catch') error(values[0])
      return inContext(() => Reflect.apply(callback, this, values))
    }
  }

  /** What the caller gets of a result that settles as the query does. */
  #follow(result: unknown): unknown {
    const { value, error } = this.#settled
    const kind = kindOf(result)
    if (kind === 'promise') return (result as Promise<unknown>).then(passing(value), failing(error))
    if (kind === 'thenable' && onThen(result as object, this.#settled)) {
      this.wait(result as object, () => undefined)
    } else value(result)
    return result
  }
}

function isSettling(result: unknown): boolean {
  const kind = kindOf(result)
  return kind === 'promise' || kind === 'thenable'
}

function passing(tell: (value: unknown) => void): (value: unknown) => unknown {
  return (value) => {
    tell(value)
    return value
  }
}

function failing(tell: (error: unknown) => void): (error: unknown) => never {
  return (error) => {
    tell(error)
    throw error
  }
}
