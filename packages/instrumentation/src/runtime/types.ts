import type { types as nodeTypes } from 'node:util'
import { builtinModule } from './builtin.ts'
import { portableTypes } from './portable-types.ts'

/** `types` of `node:util`, or the nearest to it that other runtimes allow. */
export const types: Pick<typeof nodeTypes, keyof typeof portableTypes> =
  builtinModule?.('node:util').types ??
  // The same predicates; what they say of types is written in Node's declarations.
  (portableTypes as Pick<typeof nodeTypes, keyof typeof portableTypes>)
