import type { Node } from '../node.ts'
import type { Parameter } from '../parameter/parameter.ts'
import type { PassedArguments } from './arguments.ts'
import type { AnyFunction } from './operator.ts'

/** The members of a bundle. If the function has its own member of such a name, that one stays. */
export interface BundleMembers<F extends AnyFunction> {
  /** The same call, returning a handle that passes its origin on exactly. */
  readonly node: WithThis<F, PassedArguments<Parameters<F>>, NodeOf<ReturnType<F>>>
  /** The code parameter of a trainable bundle; empty for any other. */
  readonly parameters: () => Parameter<string>[]
  /** The stable name under which calls are recorded. */
  readonly operator: string
}

/** The type of the node of a result. For a promise it is a promise of the node. */
export type NodeOf<R> =
  | NodeOfPromise<Extract<R, PromiseLike<unknown>>>
  | NodeOfValue<Exclude<R, PromiseLike<unknown>>>

type NodeOfPromise<R> = [R] extends [never] ? never : Promise<Node<Awaited<R>>>

type NodeOfValue<R> = [R] extends [never] ? never : Node<R>

/**
 * A recorded function. It is called with the arguments of the function, or with nodes and parameters in their place. A
 * function with one signature keeps one, so that a wrong argument is one error. Overloads and type parameters are kept,
 * beside a signature that takes nodes and parameters.
 */
export type Bundled<F extends AnyFunction> = (HasOneSignature<F> extends true
  ? Passing<F> & Pick<F, keyof F>
  : F & Passing<F>) &
  Omit<BundleMembers<F>, keyof F>

/** The function's call, with nodes and parameters in place of values. */
type Passing<F extends AnyFunction> = WithThis<F, PassedArguments<Parameters<F>>, ReturnType<F>>

/** A call of the function's `this`, where it has one. */
type WithThis<F extends AnyFunction, Args extends readonly unknown[], R> =
  unknown extends ThisParameterType<F>
    ? (...args: Args) => R
    : (this: ThisParameterType<F>, ...args: Args) => R

/** Whether a function is neither overloaded nor generic, no type guard, and no class. */
type HasOneSignature<F extends AnyFunction> = keyof F extends never
  ? IsSame<F, WithThis<F, Parameters<F>, ReturnType<F>>>
  : WithThis<F, Parameters<F>, ReturnType<F>> & Pick<F, keyof F> extends F
    ? true
    : false

/** Whether two types are the same one, which tells a type parameter from its constraint. */
type IsSame<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
