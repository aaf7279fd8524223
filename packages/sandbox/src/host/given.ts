export type Callable = (...args: readonly unknown[]) => unknown

/** What the program gives to changed code. */
export interface Given {
  /** What `this` is where the function is made. */
  readonly self: unknown
  readonly values: ReadonlyMap<string, unknown>
  /** The function to call in place of one that was given, so that the call is recorded. */
  recorded(fn: Callable): Callable
}
