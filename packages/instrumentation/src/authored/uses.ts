import { type AuthoredOptions, authored } from './authored.ts'

/**
 * What a trainable function uses beside its arguments: what its options declare, and what the build plugin found, which
 * stays unread. What is declared goes before; `false` leaves out what was found.
 */
export function usesOf({
  uses,
  [authored]: author,
}: AuthoredOptions & { readonly uses?: Readonly<Record<string, unknown>> | false }): Readonly<
  Record<string, unknown>
> {
  if (uses === false) return {}
  if (!author?.uses) return uses ?? {}
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(author.uses),
      ...Object.getOwnPropertyDescriptors(uses ?? {}),
    },
  )
}
