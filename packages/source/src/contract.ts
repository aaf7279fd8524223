/** A function of the program. */
type ContractFunction = (...args: never[]) => unknown

/** What new source of a trainable function may use, and how each of it gets there. */
export interface CodeContract {
  /** All names that it may use beside its arguments and the language, `this` of an arrow function among them. */
  readonly allowed: ReadonlySet<string>
  /** Names that are declared for it. */
  readonly names: ReadonlySet<string>
  /** What it gets as values; functions among them stay where they are and are called from inside. */
  readonly values: ReadonlyMap<string, unknown>
  /** Helpers that go along as source, each after those that it uses. */
  readonly carried: readonly CarriedSource[]
  /** Names under which the function knows itself. */
  readonly ownNames: readonly string[]
  /** Names of the members that the author's own source uses. */
  readonly members: ReadonlySet<string>
  /** What `this` is in an arrow function, where that was given. */
  readonly self: { readonly value: unknown } | undefined
  readonly usesThis: boolean
  readonly strict: boolean
  /** For functions that stay where they are, the one that is called in their place to be recorded. */
  readonly recorded: ReadonlyMap<unknown, (...args: readonly unknown[]) => unknown>
}

/** That of a function which may use nothing. */
export const emptyContract: CodeContract = {
  allowed: new Set(),
  names: new Set(),
  values: new Map(),
  carried: [],
  ownNames: [],
  members: new Set(),
  self: undefined,
  usesThis: false,
  strict: true,
  recorded: new Map(),
}

/** The source of a function or class that is carried along. */
export interface CarriedSource {
  /** Name under which it is used. */
  readonly name: string
  readonly fn: ContractFunction
  /** The source as one expression. */
  readonly expression: string
  /** Names that it uses and does not declare. */
  readonly free: ReadonlySet<string>
  readonly members: ReadonlySet<string>
  /** Names of classes outside of it that it extends. */
  readonly extended: ReadonlySet<string>
}
