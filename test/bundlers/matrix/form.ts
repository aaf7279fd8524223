/** A form of function, recorded when it is asked for, because some builds refuse some forms. */
export interface Form {
  readonly record: () => Recorded
  readonly args: readonly unknown[]
}

export type Recorded = (...args: never[]) => unknown
