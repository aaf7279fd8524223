import type { Case, Dataset, Split } from '@trace2/store'
import { caseMetadata } from '../metadata.ts'
import { splits } from '../shares.ts'
import type { DatasetDescription, FeedbackKind, SplitDescription } from './description.ts'
import { warningsOf } from './warnings.ts'

/** Counts the cases of a version of a dataset, and warns of what it is not good for. */
export function describeDataset({ cases, counts, ...version }: Dataset): DatasetDescription {
  const described = splits.map((split) =>
    describeSplit(
      split,
      cases.filter((each) => each.split === split),
    ),
  )
  const facts = {
    cases: cases.length,
    groups: groupsOf(cases).size,
    references: withReference(cases),
    splits: described,
    chosenBy: chosenBy(cases),
    largestGroup: [...groupsOf(cases).values()].reduce((most, size) => Math.max(most, size), 0),
  }
  return { ...version, ...facts, feedback: feedbackKinds(cases), warnings: warningsOf(facts) }
}

function describeSplit(split: Split, cases: readonly Case[]): SplitDescription {
  const scores = cases.flatMap(({ metadata }) => {
    const score = metadata[caseMetadata.baseScore]
    return typeof score === 'number' ? [score] : []
  })
  const mean = scores.length === 0 ? null : sum(scores) / scores.length
  const variance =
    mean === null || scores.length < 2
      ? null
      : sum(scores.map((score) => (score - mean) ** 2)) / (scores.length - 1)
  const unfair = groupsOf(cases.filter(isChosenByOutcome))
  return {
    split,
    cases: cases.length,
    groups: groupsOf(cases).size,
    references: withReference(cases),
    judged: cases.filter(({ feedback }) => feedback.length > 0).length,
    scored: scores.length,
    meanScore: mean,
    scoreVariance: variance,
    fairGroups: groupsOf(cases).size - unfair.size,
  }
}

/**
 * Tells whether a case is in its dataset because of the outcome of its run. The base fails on such cases more often
 * than elsewhere, so that any other candidate looks better. A gate must not decide on them.
 */
export function isChosenByOutcome({ metadata }: Pick<Case, 'metadata'>): boolean {
  return Object.hasOwn(metadata, caseMetadata.chosenBy)
}

function chosenBy(cases: readonly Case[]): { readonly [by: string]: number } {
  const counts = new Map<string, number>()
  for (const { metadata } of cases.filter(isChosenByOutcome)) {
    const by = String(metadata[caseMetadata.chosenBy])
    counts.set(by, (counts.get(by) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}

function feedbackKinds(cases: readonly Case[]): readonly FeedbackKind[] {
  const kinds = new Map<string, { pieces: number; cases: number }>()
  for (const { feedback } of cases) {
    for (const name of new Set(feedback.map((piece) => piece.name))) {
      const kind = kinds.get(name) ?? { pieces: 0, cases: 0 }
      kind.pieces += feedback.filter((piece) => piece.name === name).length
      kind.cases++
      kinds.set(name, kind)
    }
  }
  return [...kinds]
    .map(([name, kind]) => ({ name, ...kind }))
    .sort((a, b) => b.pieces - a.pieces || (a.name < b.name ? -1 : 1))
}

/** Sizes of the groups. */
function groupsOf(cases: readonly Case[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { group } of cases) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  return sizes
}

function withReference(cases: readonly Case[]): number {
  return cases.filter(({ reference }) => reference !== null).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
