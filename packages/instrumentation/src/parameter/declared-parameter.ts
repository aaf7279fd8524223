import type { DeclarableKind, Json } from '@trace2/core'

/** A parameter as its declaration has it: what a run needs to know of it. A `Parameter` is one. */
export interface DeclaredParameter {
  readonly name: string
  /** The value in the code, which holds where no source gives another. */
  readonly defaultValue: unknown
  readonly description: string
  readonly schema: Json | undefined
  /** JSON text of the schema. */
  readonly schemaText: string | undefined
  readonly kind: DeclarableKind | undefined
  readonly trainable: boolean
  /** Says what is wrong with a proposed value, or `undefined` where it fits. */
  findFault(value: unknown): string | undefined
}
