import type { Case, Split } from '@trace2/store'
import type { Draft } from '../draft.ts'
import { caseMetadata } from '../metadata.ts'
import { type SplitShares, splitOf } from '../shares.ts'
import { NearDuplicates } from './near-duplicates.ts'

export interface GroupingOptions {
  /** Cases that keep their group and split. */
  readonly placed: readonly Case[]
  readonly shares: SplitShares
  /** Share of word sequences that near-duplicates have in common; `null` groups by name and session alone. */
  readonly similarity?: number | null
  /** Called after each case that was looked at. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface Place {
  readonly group: string
  readonly split: Split
}

export interface Grouping {
  /** The place of each draft. */
  readonly places: readonly Place[]
  /** Ids of drafts that are near-duplicates of a case in another group, where both groups are named or lie in two splits. */
  readonly apart: readonly string[]
  /** Drafts whose source names another split than their group has. */
  readonly moved: number
}

/** A draft with the id of its case. */
export interface IdentifiedDraft extends Draft {
  readonly id: string
}

/**
 * Finds the group of each draft: the one that its source names, else the one that the rest of its session is in, else that
 * of its near-duplicates. Groups that share a session or a near-duplicate are one, so that no copy lies in two
 * splits, except where their names or splits are given and differ.
 */
export function groupDrafts(
  drafts: readonly IdentifiedDraft[],
  { placed, shares, similarity, onProgress }: GroupingOptions,
): Grouping {
  const groups = new Groups()
  const near = similarity === null ? undefined : new NearDuplicates(similarity)
  const total = placed.length + drafts.length
  for (const { group, split, inputs, metadata } of placed) {
    const member = groups.add({ name: group, split, proposed: group })
    groups.meet(member, `group ${group}`)
    const session = metadata[caseMetadata.session]
    const inSession = typeof session === 'string'
    if (inSession) groups.meet(member, `session ${session}`)
    near?.add(member, inputs, { longOnly: inSession })
    onProgress?.(member + 1, total)
  }
  const apart: string[] = []
  const members = drafts.map(({ id, group, split, session, inputs }) => {
    const own = group ?? (session === null ? id : `session ${session}`)
    const named = group === null ? undefined : groups.met(`group ${group}`)?.split
    const member = groups.add({ name: group, split: named ?? split, proposed: own })
    if (group !== null) groups.meet(member, `group ${group}`)
    else if (session !== null) groups.meet(member, `session ${session}`)
    const alike = near?.add(member, inputs, { longOnly: session !== null }) ?? []
    if (alike.filter((other) => !groups.join(other, member)).length > 0) apart.push(id)
    onProgress?.(member + 1, total)
    return member
  })
  // Two sets may come to one name: a session in two given splits, a group that is named after a case.
  const splits = new Map(placed.map(({ group, split }) => [group, split]))
  let moved = 0
  const places = members.map((member, at): Place => {
    const { name, proposed, split: given } = groups.of(member)
    const group = name ?? proposed
    const split = splits.get(group) ?? given ?? splitOf(group, shares)
    splits.set(group, split)
    if (differ(drafts[at]?.split ?? null, split)) moved++
    return { group, split }
  })
  return { places, apart, moved }
}

interface Traits {
  /** A name and a split that are given. */
  readonly name: string | null
  readonly split: Split | null
  /** Its name where none is given: of several, the first in text order, whatever the order of the cases. */
  readonly proposed: string
}

/** Disjoint sets of cases. */
class Groups {
  readonly #parents: number[] = []
  readonly #traits: Traits[] = []
  readonly #owners = new Map<string, number>()

  add(traits: Traits): number {
    this.#traits.push(traits)
    return this.#parents.push(this.#parents.length) - 1
  }

  of(member: number): Traits {
    return this.#traits[this.#root(member)] ?? { name: null, split: null, proposed: '' }
  }

  /** Joins a case with the first one that had this in common. */
  meet(member: number, key: string): void {
    const owner = this.#owners.get(key)
    if (owner === undefined) this.#owners.set(key, member)
    else this.join(owner, member)
  }

  /** The group of the first case that had this. */
  met(key: string): Traits | undefined {
    const owner = this.#owners.get(key)
    return owner === undefined ? undefined : this.of(owner)
  }

  /** Makes the groups of two cases one; `false` where what is given of them differs. */
  join(a: number, b: number): boolean {
    const [first, second] = [this.#root(a), this.#root(b)]
    if (first === second) return true
    const [one, other] = [this.of(first), this.of(second)]
    if (differ(one.name, other.name) || differ(one.split, other.split)) return false
    this.#parents[second] = first
    this.#traits[first] = {
      name: one.name ?? other.name,
      split: one.split ?? other.split,
      proposed: earlier(one.proposed, other.proposed),
    }
    return true
  }

  #root(member: number): number {
    let root = member
    for (;;) {
      const parent = this.#parents[root] ?? root
      if (parent === root) return root
      // Each step skips one: later ways are short.
      this.#parents[root] = this.#parents[parent] ?? parent
      root = parent
    }
  }
}

function differ<T>(a: T | null, b: T | null): boolean {
  return a !== null && b !== null && a !== b
}

function earlier(a: string, b: string): string {
  return a <= b ? a : b
}
