import type { Node } from '../node.ts'
import type { Parameter } from '../parameter/parameter.ts'
import type { Handle, Passed, PassedArguments } from './arguments.ts'
import type { AnyFunction } from './operator.ts'

/** The members of a bundle. If the function has its own member of such a name, that one stays. */
export interface BundleMembers<F extends AnyFunction> {
  /** Calls the function and returns a {@link Node}: the result with its exact origin. */
  readonly node: HasOneSignature<F> extends true
    ? WithThis<F, PassedArguments<Parameters<F>>, NodeOf<ReturnType<F>>>
    : Overloads<F>['nodes']
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
 * beside signatures that take nodes and parameters: one for each of the last six overloads.
 *
 * If a node or parameter is passed where the function has a type parameter, TypeScript cannot infer that type parameter. Types
 * that depend on it are then those of its constraint. For example, after `const same = <T>(value: T) => value` the result of
 * `bundle('same', same)(node(3))` is `unknown`. There are two ways to get the type: record the function for one type,
 * `bundle('same', same<number>)`, or pass the value, `node(3).value`.
 *
 * An object with a node in it, passed to a type parameter, has the node in its inferred type. The function itself receives the
 * value of the node.
 */
export type Bundled<F extends AnyFunction> = (HasOneSignature<F> extends true
  ? Passing<F> & Pick<F, keyof F>
  : Overloads<F>['handed'] & F & Overloads<F>['passing']) &
  Omit<BundleMembers<F>, keyof F>

/** The function's call, with nodes and parameters in place of values. */
type Passing<F extends AnyFunction> = WithThis<F, PassedArguments<Parameters<F>>, ReturnType<F>>

/** A call of the function's `this`, where it has one. */
type WithThis<F extends AnyFunction, Args extends readonly unknown[], R> = Call<
  ThisParameterType<F>,
  Args,
  R
>

type Call<This, Args extends readonly unknown[], R> = unknown extends This
  ? (...args: Args) => R
  : (this: This, ...args: Args) => R

/** The last six signatures of a function, whose type parameters are their constraints; of fewer, the first several times. */
type Overloads<F extends AnyFunction> = F extends {
  (this: infer T1, ...args: infer A1): infer R1
  (this: infer T2, ...args: infer A2): infer R2
  (this: infer T3, ...args: infer A3): infer R3
  (this: infer T4, ...args: infer A4): infer R4
  (this: infer T5, ...args: infer A5): infer R5
  (this: infer T6, ...args: infer A6): infer R6
}
  ? {
      handed: HandedCall<T1, Handed<A1>, R1> &
        HandedCall<T2, Handed<A2>, R2> &
        HandedCall<T3, Handed<A3>, R3> &
        HandedCall<T4, Handed<A4>, R4> &
        HandedCall<T5, Handed<A5>, R5> &
        HandedCall<T6, Handed<A6>, R6>
      passing: Call<T1, PassedArguments<A1>, R1> &
        Call<T2, PassedArguments<A2>, R2> &
        Call<T3, PassedArguments<A3>, R3> &
        Call<T4, PassedArguments<A4>, R4> &
        Call<T5, PassedArguments<A5>, R5> &
        Call<T6, PassedArguments<A6>, R6>
      nodes: Call<T1, PassedArguments<A1>, NodeOf<R1>> &
        Call<T2, PassedArguments<A2>, NodeOf<R2>> &
        Call<T3, PassedArguments<A3>, NodeOf<R3>> &
        Call<T4, PassedArguments<A4>, NodeOf<R4>> &
        Call<T5, PassedArguments<A5>, NodeOf<R5>> &
        Call<T6, PassedArguments<A6>, NodeOf<R6>>
    }
  : { handed: unknown; passing: Passing<F>; nodes: unknown }

/**
 * Arguments of which one is a handle where the function's own signature takes whatever comes, as a type parameter does: it
 * would take the handle for the value.
 */
type Handed<
  Args extends readonly unknown[],
  Before extends readonly unknown[] = [],
> = Args extends readonly []
  ? never
  : Args extends readonly [_?: infer First, ...rest: infer Rest]
    ? Rest extends Args
      ? HandedRest<First, Before>
      :
          | (Handle<unknown> extends First
              ? [...Before, Handle<First>, ...PassedArguments<Rest>]
              : never)
          | Handed<Rest, [...Before, Passed<First>]>
    : never

/** Any number of arguments, of which the first or the last is a handle. */
type HandedRest<Item, Before extends readonly unknown[]> =
  Handle<unknown> extends Item
    ? [...Before, Handle<Item>, ...Passed<Item>[]] | [...Before, ...Passed<Item>[], Handle<Item>]
    : never

type HandedCall<This, Args extends readonly unknown[], R> = [Args] extends [never]
  ? unknown
  : Call<This, Args, R>

/** Whether a function is neither overloaded nor generic, no type guard, and no class. */
type HasOneSignature<F extends AnyFunction> = keyof F extends never
  ? IsSame<F, WithThis<F, Parameters<F>, ReturnType<F>>>
  : WithThis<F, Parameters<F>, ReturnType<F>> & Pick<F, keyof F> extends F
    ? true
    : false

/** Whether two types are the same one, which tells a type parameter from its constraint. */
type IsSame<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
