import type { Json } from '@trace2/core'

/** JSON schema of a definition of one kind: its own properties, and a name. */
export function definitionSchema(
  kind: string,
  properties: { readonly [name: string]: Json },
  required: readonly string[] = [],
): Json {
  return {
    type: 'object',
    properties: { kind: { const: kind }, name: { type: 'string', minLength: 1 }, ...properties },
    required: ['kind', ...required],
    additionalProperties: false,
  }
}

/** Properties of every guide that judges a part of the output. */
export const selectionSchema = { at: { type: 'string', pattern: '^(/.*)?$' } } as const

/** Name of the feedback: the one chosen, or the kind of guide. */
export function nameOf({ kind, name }: { readonly kind: string; readonly name?: string }): string {
  return name ?? kind
}
