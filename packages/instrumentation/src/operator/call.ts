import type { Context } from '@opentelemetry/api'
import { RunState } from '../run/run-state.ts'
import type { Origin } from '../semconv/reference.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'
import { activeTracer, isSuppressed } from '../tracing/tracer.ts'
import { plainArguments } from './arguments.ts'
import { frameOf, useOf, withFrame } from './frame.ts'
import { isolated } from './isolation.ts'
import type { AnyFunction, Operator } from './operator.ts'
import { guarded, Recording } from './recording.ts'
import { nameInputs } from './roles.ts'
import { isStream, recordStream } from './stream.ts'

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
  const context = activeContext()
  if (isSuppressed(context)) return callUnrecorded(operator, self, passed, wrap)
  const recording = guarded(() => new Recording(operator, tracer, context, passed))
  if (!recording) return callUnrecorded(operator, self, passed, wrap)

  let result: unknown
  try {
    const plain = plainArguments(passed, (parameter) => recording.run.use(parameter).value)
    guarded(() => recording.begin(nameInputs(operator.declared, passed, plain)))
    result = withContext(recording.context, () => apply(operator, self, plain))
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

function settle(
  result: unknown,
  operator: Operator,
  recording: Recording,
  wrap: Wrap | undefined,
): unknown {
  if (!isThenable(result)) return finish(result, recording, wrap)
  const settled = result.then(
    (value) => finish(value, recording, wrap),
    (error: unknown) => failed(error, operator, recording, wrap),
  )
  // A promise of a kind of its own may have methods that the caller needs; it is watched and handed on.
  if (wrap || result.constructor === Promise) return settled
  settled.then(undefined, () => undefined)
  return result
}

function finish(value: unknown, recording: Recording, wrap: Wrap | undefined): unknown {
  let result = value
  if (isStream(value)) {
    result = recordStream(value, recording)
    guarded(() => recording.handOut(result, '', false))
  } else recording.succeed(value)
  return wrap ? wrap(result, recording.origin) : result
}

function callUnrecorded(
  operator: Operator,
  self: unknown,
  passed: readonly unknown[],
  wrap: Wrap | undefined,
): unknown {
  const context = operator.kind === 'run' ? runContext(activeContext()) : undefined
  const plainCall = () =>
    apply(
      operator,
      self,
      plainArguments(passed, (parameter) => useOf(parameter).value),
    )
  const result = context ? withContext(context, plainCall) : plainCall()
  if (!wrap) return result
  return isThenable(result)
    ? result.then((value) => wrap(value, undefined))
    : wrap(result, undefined)
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

interface Thenable {
  then<A, B>(onValue: (value: unknown) => A, onError?: (error: unknown) => B): Promise<A | B>
}

function isThenable(value: unknown): value is Thenable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
