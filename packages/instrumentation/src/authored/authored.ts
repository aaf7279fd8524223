import type { DeclaredArgument } from '../operator/signature.ts'

/** What the author's text says about a function, whatever a compiler made of it. */
export interface AuthoredFunction {
  /** Of the function, or of what the recorded function is assigned to. */
  readonly name?: string
  readonly arguments: readonly DeclaredArgument[]
  /** The comments above the function and at the start of its body. */
  readonly documentation: string
  /** Hash of the author's source. */
  readonly hash: string
  /** The author's source with the comment above it; only where the function may be trainable. */
  readonly source?: string
  /** Names that stand for the function where it is written; only where it may be trainable. */
  readonly itself?: readonly string[]
  /** What the call that records it declares, by built expression: only where that is the text that runs. */
  readonly given?: ReadonlyMap<string, string> | undefined
  /** Where it is written. */
  readonly file?: string
  readonly line?: number
  /** What the function uses of its module, by name, each read when it is needed. Only the build plugin knows it. */
  readonly uses?: Readonly<Record<string, unknown>>
}

/** The member of an operator's options in which the build plugin hands on what it read. */
export const authored: unique symbol = Symbol.for('trace2.authored')

/** Options of an operator with what the build plugin added. */
export interface AuthoredOptions {
  readonly [authored]?: AuthoredFunction
}
