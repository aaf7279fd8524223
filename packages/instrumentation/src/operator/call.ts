import type { Context } from '@opentelemetry/api'
import type { Origin } from '@trace2/core'
import { activeReplay, askedInputs } from '../answering/index.ts'
import { contentSettings } from '../content/settings.ts'
import { methodOf } from '../inspection/members.ts'
import { RunState } from '../run/run-state.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'
import { activeTracer, isSuppressed } from '../tracing/tracer.ts'
import { plainArguments } from './arguments.ts'
import { frameOf, useOf, withFrame } from './frame.ts'
import { guarded } from './guarded.ts'
import { watchHeldPromise } from './held-promise.ts'
import { isolated } from './isolation-registry.ts'
import { enter, isTooDeep, leave, noteOmitted } from './nesting.ts'
import type { AnyFunction, Operator } from './operator.ts'
import { watchThenable } from './query.ts'
import { Recording } from './recording.ts'
import { hasOwnMembers, isAwaitedDirectly, kindOf, type ResultKind } from './results.ts'
import { type Inputs, nameInputs } from './roles.ts'
import { watchGenerator, watchIterable } from './stream.ts'
import { isPromiseLike, LazyResult } from './thenable.ts'

/** Makes what the caller gets from a result, or from an error in place of one, and its origin. */
export type Wrap = (
  value: unknown,
  origin: Origin | undefined,
  failure?: { readonly error: unknown },
) => unknown

/** Calls an operator and records the call, if anyone listens. */
export function call(
  operator: Operator,
  self: unknown,
  passed: readonly unknown[],
  wrap: Wrap | undefined,
): unknown {
  const tracer = activeTracer()
  if (!tracer) return callUnrecorded(operator, self, passed, wrap)
  if (isTooDeep()) {
    noteOmitted()
    return callUnrecorded(operator, self, passed, wrap)
  }
  const context = activeContext()
  if (isSuppressed(context)) return callUnrecorded(operator, self, passed, wrap)
  const recording = guarded(() => new Recording(operator, tracer, context, passed))
  if (!recording) return callUnrecorded(operator, self, passed, wrap)

  let result: unknown
  try {
    const plain = plainArguments(passed, (parameter) => recording.run.use(parameter).value)
    operator.note(plain !== passed)
    let inputs: Inputs | undefined
    guarded(() => {
      inputs = nameInputs(operator.declared, passed, plain)
      recording.begin(inputs)
    })
    const before = enter()
    try {
      result = withContext(recording.context, () =>
        perform(operator, self, plain, inputs, recording),
      )
    } finally {
      const unrecorded = leave(before)
      if (unrecorded > 0) recording.noteOmitted(unrecorded)
    }
  } catch (error) {
    return failed(error, operator, recording, wrap)
  }
  return settle(result, operator, recording, wrap)
}

function failed(
  error: unknown,
  operator: Operator,
  recording: Recording,
  wrap: Wrap | undefined,
): unknown {
  recording.fail(error)
  if (!wrap || !operator.options.catchErrors) throw error
  return wrap(undefined, recording.origin, { error })
}

/**
 * Ends the recording when the result is there. Only a promise of the platform's own is waited for; what may act when it is
 * looked at, such as a query that runs each time it is awaited, is left alone until the caller uses it.
 */
function settle(
  result: unknown,
  operator: Operator,
  recording: Recording,
  wrap: Wrap | undefined,
): unknown {
  const kind = kindOf(result)
  if (kind !== 'promise' && kind !== 'thenable') return finish(result, kind, recording, wrap)
  recording.giveAs(kind)
  const finished = (value: unknown) => finish(value, kindOf(value), recording, wrap)
  const broken = (error: unknown) => failed(error, operator, recording, wrap)
  if (kind === 'promise') {
    const promise = result as Promise<unknown>
    if (wrap || !hasOwnMembers(promise)) return promise.then(finished, broken)
    watchHeldPromise(promise, recording, finished)
    return result
  }
  if (wrap && isPromiseLike(result)) return new LazyResult(result, finished, broken)
  finished(result)
  return result
}

function finish(
  value: unknown,
  kind: ResultKind,
  recording: Recording,
  wrap: Wrap | undefined,
): unknown {
  record(value, kind, recording)
  return wrap ? wrap(value, recording.origin) : value
}

function record(value: unknown, kind: ResultKind, recording: Recording): void {
  if (kind === 'value' || kind === 'promise') recording.succeed(value)
  else if (kind === 'generator') {
    const isAsync = methodOf(value as object, Symbol.asyncIterator) !== undefined
    recording.giveAs(isAsync ? 'async generator' : kind)
    watchGenerator(value as object, recording)
  } else if (kind === 'iterable') {
    recording.giveAs(kind)
    watchIterable(value as object, recording)
  } else {
    const finished = (given: unknown) => record(given, kindOf(given), recording)
    watchThenable(value as object, recording, finished)
    // `await` does not ask such a promise for its own `then`.
    if (isAwaitedDirectly(value)) watchHeldPromise(value, recording, finished)
  }
}

function callUnrecorded(
  operator: Operator,
  self: unknown,
  passed: readonly unknown[],
  wrap: Wrap | undefined,
): unknown {
  const context = operator.kind === 'run' ? runContext(activeContext()) : undefined
  const plain = plainArguments(passed, (parameter) => useOf(parameter).value)
  operator.note(plain !== passed)
  let result: unknown
  const before = enter()
  try {
    // What the recorder leaves out is not in the record either: it executes, unless it has effects.
    const asks = activeReplay() !== undefined && (!activeTracer() || operator.hasEffects)
    const inputs = asks ? guarded(() => nameInputs(operator.declared, passed, plain)) : undefined
    const act = () =>
      asks ? perform(operator, self, plain, inputs, undefined) : apply(operator, self, plain)
    result = context ? withContext(context, act) : act()
  } finally {
    leave(before)
  }
  if (!wrap) return result
  const wrapped = (value: unknown) => wrap(value, undefined)
  const kind = kindOf(result)
  if (kind === 'promise') return (result as Promise<unknown>).then(wrapped)
  if (kind === 'thenable' && isPromiseLike(result)) return new LazyResult(result, wrapped)
  return wrapped(result)
}

/** A run fixes its parameters also where nobody listens. */
function runContext(context: Context): Context {
  const outer = frameOf(context)
  const run = new RunState(outer ? { within: outer.run } : {})
  return withFrame(context, {
    run,
    scope: outer?.scope,
    reads: [],
    declared: undefined,
    hasInner: false,
  })
}

/** Does what the operator does, unless a replay answers the call. */
function perform(
  operator: Operator,
  self: unknown,
  plain: readonly unknown[],
  inputs: Inputs | undefined,
  recording: Recording | undefined,
): unknown {
  const replay = activeReplay()
  if (!replay) return apply(operator, self, plain)
  const { maxValueLength } = recording?.content ?? contentSettings('0', operator.options)
  return replay.answer({
    operator,
    recording,
    asked: () => inputs && askedInputs(operator.name, inputs, maxValueLength),
    execute: () => apply(operator, self, plain),
  })
}

function apply(operator: Operator, self: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(bodyOf(operator), self, args)
}

/** The function itself, or the changed source of a code parameter. */
function bodyOf(operator: Operator): AnyFunction {
  const { code, contract, fn, name } = operator
  if (!code || !contract) return fn
  const use = useOf(code)
  return use.text === code.defaultValue ? fn : isolated(use.text, name, contract)
}
