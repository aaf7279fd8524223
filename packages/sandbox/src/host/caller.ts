/** What the host's side of the border needs of the call that it belongs to. */
export interface Caller {
  /** Whether the code is in the middle of a call of the program. */
  readonly isServing: boolean
  apply(id: number, self: unknown, args: readonly unknown[]): unknown
  /** As {@link apply}, for a function that the code passed: timers and events that call it have nobody to catch a fault. */
  callBack(id: number, self: unknown, args: readonly unknown[]): unknown
  construct(id: number, args: readonly unknown[]): unknown
  resume(id: number, method: string, args: readonly unknown[]): unknown
  resumeLater(id: number, method: string, args: readonly unknown[]): Promise<unknown>
  watch(promise: Promise<unknown>): void
  expect(id: number): Promise<unknown>
  /** Says that the program got something that leads back into the code, and that it no longer does. */
  hold(target: object): void
  release(target: object): void
}
