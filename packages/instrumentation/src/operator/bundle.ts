import type { Origin } from '@trace2/core'
import { activeReplay } from '../answering/index.ts'
import { identify } from '../authored/index.ts'
import { descriptorOf } from '../inspection/members.ts'
import { Node } from '../node.ts'
import { haveHandles } from './arguments.ts'
import type { Bundled, BundleMembers } from './bundled.ts'
import { call } from './call.ts'
import { operatorCode } from './code.ts'
import type { CodeUses } from './contract.ts'
import { isTooDeep, noteOmitted } from './nesting.ts'
import { type AnyFunction, callSite, Operator, type OperatorOptions } from './operator.ts'
import { innermost, rememberSource } from './source-text.ts'
import { Statics } from './statics.ts'

/** Options of {@link bundle}. */
export interface BundleOptions extends OperatorOptions {
  /** Makes the source of the function a parameter, `<name>.code`, that an optimizer may change. Default `false`. */
  readonly trainable?: boolean
  /**
   * The names that a trainable function uses, other than its arguments and the language, with their values. Changed
   * source may use them too. Plain helpers are copied as source. Other functions are called in the program and
   * recorded. `this` gives an arrow function its `this`. `false` gives the function nothing, although a build plugin
   * would.
   */
  readonly uses?: CodeUses | false
}

/**
 * Wraps a function so that each call is recorded as one span. The function takes and returns plain values; callers may pass
 * nodes and parameters in their place. It may be synchronous, asynchronous or a method, whose `this` is passed on. An error is
 * recorded and thrown again. Without a tracer provider the function is only called.
 *
 * @throws {Trace2Error} `T2_CODE_SOURCE` if the source of a trainable function cannot be read, `T2_CODE_NAMES` if it uses a
 * name that is not declared in `uses`.
 * @example
 * const classify = bundle('classify', async (ticket: Ticket, system: string) => llm(t`${system}\n\n${ticket.body}`))
 * await classify(ticket, system) // `system` may be a parameter
 */
export function bundle<F extends AnyFunction>(fn: F, options?: BundleOptions): Bundled<F>
export function bundle<F extends AnyFunction>(
  name: string,
  fn: F,
  options?: BundleOptions,
): Bundled<F>
export function bundle<F extends AnyFunction>(
  first: F | string,
  second?: F | BundleOptions,
  third?: BundleOptions,
): Bundled<F> {
  const { explicit, fn, given } = told<F>('bundle', first, second, third)
  const { name, options, frames } = identify(explicit, fn, given, bundle)
  const code = options.trainable ? operatorCode(name, fn, options, bundle, recordUse) : undefined
  return recorded(new Operator(name, 'op', fn, options, code, callSite(bundle), frames), fn)
}

/** What a trainable function calls outside of its isolation is a step of its own. */
function recordUse(name: string, fn: AnyFunction): AnyFunction {
  return bundle(name, fn)
}

/** The arguments of `bundle` and `run`, told apart. */
function told<F extends AnyFunction>(
  factory: string,
  first: F | string,
  second: F | BundleOptions | undefined,
  third: BundleOptions | undefined,
) {
  const isNamed = typeof first === 'string'
  const fn = isNamed ? second : first
  const given = isNamed ? third : second
  if (typeof fn !== 'function') throw new TypeError(`${factory} needs a function`)
  return {
    explicit: isNamed ? first : undefined,
    fn,
    given: typeof given === 'function' ? {} : (given ?? {}),
  }
}

/**
 * Wraps a function as {@link bundle} does and marks each call as a run: one execution of the agent. Parameters keep their
 * values during a run. Origins are searched only within the run, so that parallel runs never mix.
 *
 * @example const agent = run('support-agent', async (ticket: Ticket) => route(await classify(ticket, system)))
 */
export function run<F extends AnyFunction>(fn: F, options?: OperatorOptions): Bundled<F>
export function run<F extends AnyFunction>(
  name: string,
  fn: F,
  options?: OperatorOptions,
): Bundled<F>
export function run<F extends AnyFunction>(
  first: F | string,
  second?: F | OperatorOptions,
  third?: OperatorOptions,
): Bundled<F> {
  const { explicit, fn, given } = told<F>('run', first, second, third)
  const { name, options, frames } = identify(explicit, fn, given, run)
  return recorded(new Operator(name, 'run', fn, options, undefined, callSite(run), frames), fn)
}

/**
 * The function with its calls recorded. A proxy rather than a function around it: name, length, prototype, `instanceof`,
 * static members and `new` are the function's own, and calls that are too deep to be recorded take no more of the stack
 * than plain ones.
 */
function recorded<F extends AnyFunction>(operator: Operator, fn: F): Bundled<F> {
  const members = {
    node: function (this: unknown, ...args: readonly unknown[]) {
      return call(operator, this, args, toNode)
    },
    parameters: () => (operator.code ? [operator.code] : []),
    operator: operator.name,
  } satisfies Record<keyof BundleMembers<F>, unknown>
  const record = (_fn: F, self: unknown, args: readonly unknown[]) =>
    call(operator, self, args, undefined)
  const statics = new Statics(fn)
  // As slim as it can be: recursion takes this much more of the stack for each level.
  const passOn = (_fn: F, self: unknown, args: readonly unknown[]): unknown => {
    const hasHandles = haveHandles(args)
    operator.noteDeep(hasHandles)
    if (hasHandles) return call(operator, self, args, undefined)
    noteOmitted()
    return Reflect.apply(fn, self, args)
  }
  const handler: ProxyHandler<F> = {
    get(target, key): unknown {
      const isOurs = Object.hasOwn(members, key) && !descriptorOf(innermost(target), key)
      return isOurs ? Reflect.get(members, key) : statics.get(key, proxy)
    },
    set: (target, key, value, receiver) =>
      Reflect.set(target, key, value, receiver === proxy ? target : receiver),
    has: (target, key) => Object.hasOwn(members, key) || Reflect.has(target, key),
  }
  Object.defineProperty(handler, 'apply', {
    get() {
      if (!isTooDeep() || (operator.hasEffects && activeReplay())) return record
      if (!operator.passesThrough) return operator.mayPassOn ? passOn : record
      noteOmitted()
      return undefined
    },
  })
  const proxy: F = new Proxy(fn, handler)
  rememberSource(proxy, fn)
  // It calls fn with fn's own arguments and returns what fn returns; the type system cannot see that.
  return proxy as Bundled<F>
}

function toNode(
  value: unknown,
  origin: Origin | undefined,
  failure?: { readonly error: unknown },
): Node<unknown> {
  return new Node(value, origin, undefined, failure)
}
