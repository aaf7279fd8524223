import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { raise } from '../errors.ts'
import { markedLines } from '../operator/code-frame.ts'
import { setCodeFrame } from '../operator/failure.ts'

export interface IsolationLimits {
  /** Longest time of one call, in milliseconds. Default 1,000. */
  readonly timeMs?: number
  /** Most memory of one call, in bytes. Default 32 MiB. */
  readonly memoryBytes?: number
}

/** What a call of isolated code gave: JSON text, `undefined` for no value; and whether it came as a promise. */
export interface Outcome {
  readonly json: string | undefined
  readonly promised: boolean
}

const stackBytes = 256 * 1024
const mostReactions = 10_000
const longestMessage = 2_000
const fileName = 'parameter.js'

// Evaluated before the code, so that the code cannot replace what it uses.
const harness = `((parse, stringify, PromiseType) => (fn, text) => {
  if (typeof fn !== 'function') throw new TypeError('the source is not a function')
  if (text === undefined) return undefined
  const result = fn(...parse(text))
  const promised = typeof result === 'object' && result !== null && typeof result.then === 'function'
  return promised ? PromiseType.resolve(result).then((value) => stringify(value)) : stringify(result)
})(JSON.parse, JSON.stringify, Promise)`

/**
 * Evaluates the source of a function in a world of its own, which is thrown away afterwards, and calls it with
 * arguments given as JSON text; with `undefined` it is only evaluated. Throws what the code throws.
 */
export function evaluate(
  quickJs: QuickJSWASMModule,
  source: string,
  args: string | undefined,
  limits: IsolationLimits,
): Outcome {
  const { timeMs = 1_000, memoryBytes = 32 * 1024 * 1024 } = limits
  const context = quickJs.newContext()
  try {
    const deadline = Date.now() + timeMs
    context.runtime.setMemoryLimit(memoryBytes)
    context.runtime.setMaxStackSize(stackBytes)
    context.runtime.setInterruptHandler(() => Date.now() > deadline)
    return call(context, source, args, deadline)
  } finally {
    drain(context)
    context.dispose()
  }
}

function call(
  context: QuickJSContext,
  source: string,
  args: string | undefined,
  deadline: number,
): Outcome {
  using start = take(context, context.evalCode(harness, 'harness.js'), source)
  using fn = take(context, evaluateFunction(context, source), source)
  using text = args === undefined ? context.undefined : context.newString(args)
  using result = take(context, context.callFunction(start, context.undefined, fn, text), source)
  if (context.typeof(result) !== 'object') return { json: textOf(context, result), promised: false }
  settlePromises(context, source, deadline)
  const state = context.getPromiseState(result)
  if (state.type === 'pending') {
    throw raise('T2_CODE_LIMIT', 'The promise that the code returned would never be settled.')
  }
  using settled = take(context, state.type === 'rejected' ? state : { value: state.value }, source)
  return { json: textOf(context, settled), promised: true }
}

/** Runs promise reactions one by one: a chain without end is no single job that an interrupt could end cleanly. */
function settlePromises(context: QuickJSContext, source: string, deadline: number): void {
  for (let reactions = 0; context.runtime.hasPendingJob(); reactions++) {
    const { error } = context.runtime.executePendingJobs(1)
    if (error) throw failure(context, error, source)
    if (Date.now() > deadline || reactions === mostReactions) {
      throw raise('T2_CODE_LIMIT', 'The code was stopped: interrupted.')
    }
  }
}

/** The engine aborts when it is freed with reactions waiting; without memory, an endless chain of them breaks off. */
function drain(context: QuickJSContext): void {
  if (!context.runtime.hasPendingJob()) return
  context.runtime.setMemoryLimit(1)
  while (context.runtime.hasPendingJob()) context.runtime.executePendingJobs(1).dispose()
}

/** A function or arrow function is an expression; a method is one as the member of an object literal. */
function evaluateFunction(context: QuickJSContext, source: string): Result {
  const asExpression = context.evalCode(`(${source}\n)`, fileName, { strict: true })
  if (!asExpression.error) return asExpression
  const asMethod = context.evalCode(`Object.values({${source}\n})[0]`, fileName, { strict: true })
  if (asMethod.error) {
    asMethod.error.dispose()
    return asExpression
  }
  asExpression.error.dispose()
  return asMethod
}

type Result =
  | { readonly value: QuickJSHandle; readonly error?: undefined }
  | { readonly error: QuickJSHandle }

function take(context: QuickJSContext, result: Result, source: string): QuickJSHandle {
  if (result.error) throw failure(context, result.error, source)
  return result.value
}

function textOf(context: QuickJSContext, handle: QuickJSHandle): string | undefined {
  return context.typeof(handle) === 'string' ? context.getString(handle) : undefined
}

/** The error that isolated code threw, as one of ours. */
function failure(context: QuickJSContext, handle: QuickJSHandle, source: string): Error {
  const thrown: unknown = context.dump(handle)
  handle.dispose()
  const name = memberText(thrown, 'name') ?? 'Error'
  const message = (memberText(thrown, 'message') ?? String(thrown)).slice(0, longestMessage)
  if (name === 'InternalError') {
    return raise('T2_CODE_LIMIT', `The code was stopped: ${message}.`)
  }
  const error = new Error(message)
  error.name = name
  const place = /parameter\.js:(\d+)/.exec(memberText(thrown, 'stack') ?? '')
  if (place) {
    setCodeFrame(error, markedLines(source.split('\n'), Number(place[1]), name))
  }
  return error
}

function memberText(thrown: unknown, key: string): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const member: unknown = Reflect.get(thrown, key)
  return typeof member === 'string' ? member : undefined
}
