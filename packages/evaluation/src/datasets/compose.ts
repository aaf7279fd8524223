import { canonicalJson } from '@trace2/core'
import type { Case } from '@trace2/store'
import { caseId, type Draft } from './draft.ts'
import { groupDrafts, type IdentifiedDraft } from './grouping/groups.ts'
import { caseMetadata } from './metadata.ts'
import { type SplitShares, usualShares } from './shares.ts'
import { wellFormedMembers } from './well-formed.ts'

/** Options of {@link composeCases}. */
export interface ComposeOptions {
  /** Cases of the latest version: those that stay keep their id, group and split. */
  readonly before?: readonly Case[]
  /** Whether cases that no draft has stay. Default `true`. */
  readonly keep?: boolean
  /** Shares of the groups in each split, in percent. Default: those of `usualShares`. */
  readonly shares?: SplitShares
  /** Share of word sequences that near-duplicates have in common; `null` groups by name and session alone. */
  readonly similarity?: number | null
  /** Is called as drafts are compared, with the number done and the number in total. */
  readonly onProgress?: (done: number, total: number) => void
}

/** The result of {@link composeCases}. */
export interface Composed {
  /** The cases of the next version. */
  readonly cases: readonly Case[]
  /** Number of cases that are new. */
  readonly added: number
  /** Number of cases of which a draft says something else than the latest version. */
  readonly edited: number
  /** Number of cases that are as in the latest version. */
  readonly unchanged: number
  /** Number of cases of the latest version that are left out. */
  readonly removed: number
  /** Number of drafts with the same inputs as an earlier draft. They become one case. */
  readonly merged: number
  /** Number of merged drafts that have another reference than the draft before. The first reference is kept. */
  readonly contradictions: number
  /** Ids of the cases that they were merged with. */
  readonly contradicted: readonly string[]
  /**
   * Number of drafts that are near-duplicates of a case in another group, and stay apart because both groups are named
   * or lie in two splits.
   */
  readonly keptApart: number
  /** Ids of the cases of these drafts. */
  readonly apart: readonly string[]
  /** Number of drafts whose source names another group or split than their case has. */
  readonly moved: number
}

/** Makes the cases of the next version of a dataset, from drafts and from the cases that it has. */
export function composeCases(drafts: readonly Draft[], options: ComposeOptions = {}): Composed {
  const { before = [], keep = true, shares = usualShares, ...grouping } = options
  const { distinct, merged, contradictions, contradicted } = distinctDrafts(drafts)
  const known = new Map(before.map((each) => [each.id, each]))
  const fresh = distinct.filter(({ id }) => !known.has(id))
  const { places, apart, moved } = groupDrafts(fresh, { placed: before, shares, ...grouping })
  const added = fresh.flatMap((draft, at): Case[] => {
    const place = places[at]
    return place ? [{ ...contentOf(draft), id: draft.id, inputs: draft.inputs, ...place }] : []
  })
  const again = new Map(distinct.map((draft) => [draft.id, draft]))
  let edited = 0
  let restless = 0
  const stayed = before.flatMap((old) => {
    const draft = again.get(old.id)
    if (!draft) return keep ? [old] : []
    if (differs(draft.group, old.group) || differs(draft.split, old.split)) restless++
    const next = editedCase(old, draft)
    if (canonicalJson(next) !== canonicalJson(old)) edited++
    return [next]
  })
  return {
    cases: [...stayed, ...added],
    added: added.length,
    edited,
    unchanged: stayed.length - edited,
    removed: before.length - stayed.length,
    merged,
    contradictions,
    contradicted,
    keptApart: apart.length,
    apart,
    moved: moved + restless,
  }
}

interface Distinct {
  readonly distinct: readonly IdentifiedDraft[]
  readonly merged: number
  readonly contradictions: number
  readonly contradicted: readonly string[]
}

function distinctDrafts(drafts: readonly Draft[]): Distinct {
  const byId = new Map<string, IdentifiedDraft>()
  let contradictions = 0
  const contradicted = new Set<string>()
  for (const given of drafts) {
    const draft = { ...given, inputs: wellFormedMembers(given.inputs) }
    const id = caseId(draft.inputs)
    const first = byId.get(id)
    if (first && contradicts(first, draft)) {
      contradictions++
      contradicted.add(id)
    }
    byId.set(id, first ? mergedDraft(first, draft) : { ...draft, id })
  }
  return {
    distinct: [...byId.values()],
    merged: drafts.length - byId.size,
    contradictions,
    contradicted: [...contradicted],
  }
}

/** What the first of two drafts with the same inputs does not say is taken from the other. */
function mergedDraft(first: IdentifiedDraft, other: Draft): IdentifiedDraft {
  // Feedback is about one run: it comes with it.
  const judged = first.feedback.length > 0 || other.feedback.length === 0 ? first : other
  return {
    ...first,
    reference: first.reference ?? other.reference,
    run: first.run === null ? other.run : judged.run,
    feedback: judged.feedback,
    group: first.group ?? other.group,
    split: first.split ?? other.split,
    session: earlierSession(first.session, other.session),
    metadata: { ...other.metadata, ...first.metadata },
  }
}

/**
 * Of the sessions that said the same, one: where all of them were of one group, every session that begins with `hello` would
 * be. The first in text order, whatever the order of the drafts.
 */
function earlierSession(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a <= b ? a : b
}

function contradicts(first: Draft, other: Draft): boolean {
  if (first.reference === null || other.reference === null) return false
  return canonicalJson(first.reference) !== canonicalJson(other.reference)
}

function contentOf(draft: Draft): Pick<Case, 'reference' | 'feedback' | 'run' | 'metadata'> {
  const { reference, feedback, run, session } = draft
  const metadata =
    session === null ? draft.metadata : { ...draft.metadata, [caseMetadata.session]: session }
  return { reference, feedback, run, metadata }
}

/** A draft edits what it says of a case: what it is silent about stays. */
function editedCase(old: Case, draft: IdentifiedDraft): Case {
  const { reference, feedback, run, metadata } = contentOf(draft)
  // Another run on the same inputs is no news of this one; what it should give is the same.
  if (run !== null && old.run !== null && run !== old.run) {
    return { ...old, reference: old.reference ?? reference }
  }
  return {
    ...old,
    reference: reference ?? old.reference,
    feedback: feedback.length > 0 ? feedback : old.feedback,
    run: run ?? old.run,
    metadata: { ...old.metadata, ...withoutChoice(metadata) },
  }
}

/** A case that was in the dataset already is not there because of how its run went. */
function withoutChoice({
  [caseMetadata.chosenBy]: _,
  ...metadata
}: Case['metadata']): Case['metadata'] {
  return metadata
}

function differs(given: string | null, has: string): boolean {
  return given !== null && given !== has
}
