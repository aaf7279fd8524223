import type { CaseGroup } from './order.ts'

export interface LookBatchesOptions {
  /** Groups of each look that this test has had, in order. */
  readonly own: readonly (readonly string[])[]
  /** Groups that no decision has read. */
  readonly fresh: ReadonlySet<string>
  /** Groups that a new look reads. */
  readonly perLook: number
}

/**
 * What each look reads. What this test has been looked at with comes first, look by look as it came then, so that an equal
 * question is answered the same; then what nobody has read; then what decisions on others have.
 */
export function lookBatches(
  groups: readonly CaseGroup[],
  { own, fresh, perLook }: LookBatchesOptions,
): readonly (readonly CaseGroup[])[] {
  const byName = new Map(groups.map((one) => [one.group, one]))
  const known = own
    .map((names) => names.flatMap((name) => byName.get(name) ?? []))
    .filter((batch) => batch.length > 0)
  const read = new Set(known.flat())
  const rank = ({ group }: CaseGroup) => (fresh.has(group) ? 0 : 1)
  const rest = groups.filter((one) => !read.has(one)).toSorted((a, b) => rank(a) - rank(b))
  const looks = Math.ceil(rest.length / perLook)
  const next = (look: number) => rest.slice(look * perLook, (look + 1) * perLook)
  return [...known, ...Array.from({ length: looks }, (_, look) => next(look))]
}
