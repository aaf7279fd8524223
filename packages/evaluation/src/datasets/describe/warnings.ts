import { counted, formatCount } from '@trace2/core'
import { believedDeviation, casesNeeded } from '../../gate/index.ts'
import type { DatasetDescription, DatasetWarning, SplitDescription } from './description.ts'

type Facts = Pick<
  DatasetDescription,
  'cases' | 'groups' | 'references' | 'splits' | 'chosenBy' | 'largestGroup'
>

/** The difference that a gate is usually asked about: five points of a hundred. */
const worth = 0.05
/** Share of the cases from which one group decides too much. */
const large = 0.25
/** Standard errors between the means of two splits that luck hardly makes. */
const beyondLuck = 3

export function warningsOf(facts: Facts): readonly DatasetWarning[] {
  const single = sizeWarning(facts)
  return [
    ...(single ? [single] : [...largeGroup(facts), ...emptySplits(facts)]),
    ...noReferences(facts),
    ...chosenByOutcome(facts),
    ...smallHoldout(facts),
    ...unequalSplits(facts),
  ]
}

function sizeWarning({ cases, groups }: Facts): DatasetWarning | undefined {
  if (cases === 1) {
    const message = 'There is one case: nothing can be compared on it. Add more.'
    return { kind: 'one case', message }
  }
  if (groups > 1) return undefined
  const message = `All ${formatCount(cases)} cases are of one group (one session, one name, or nearly the same inputs): they lie in one split and count as one piece of evidence. Add others, or name their groups yourself.`
  return { kind: 'one group', message }
}

function largeGroup({ cases, largestGroup }: Facts): readonly DatasetWarning[] {
  if (cases < 8 || largestGroup < cases * large) return []
  const message = `One group has ${formatCount(largestGroup)} of ${formatCount(cases)} cases, and counts as one piece of evidence. If they only share most of their text, name groups yourself, or group with --no-similar.`
  return [{ kind: 'large group', message }]
}

function emptySplits({ splits }: Facts): readonly DatasetWarning[] {
  const empty = splits.filter(({ cases }) => cases === 0).map(({ split }) => split)
  if (empty.length === 0) return []
  const message = `There is no case in ${empty.join(' and ')}: the dataset is small, or its shares leave nothing for it. Add cases.`
  return [{ kind: 'empty split', message }]
}

function noReferences({ references }: Facts): readonly DatasetWarning[] {
  if (references > 0) return []
  const message =
    'No case has a reference: a guide that compares with one has nothing to say. A judge, or a guide that needs none, works.'
  return [{ kind: 'no references', message }]
}

function chosenByOutcome({ splits, chosenBy }: Facts): readonly DatasetWarning[] {
  const chosen = Object.values(chosenBy).reduce((sum, count) => sum + count, 0)
  const unfair = holdoutOf(splits).groups - holdoutOf(splits).fairGroups
  if (chosen === 0) return []
  const message = `Chosen by how the run went: ${counted(chosen, 'case')}, ${counted(unfair, 'group')} of the holdout among them. On such cases any change looks better than what failed there: good to find what to change, no basis for a decision.`
  return [{ kind: 'chosen by outcome', message }]
}

function smallHoldout({ splits }: Facts): readonly DatasetWarning[] {
  const { fairGroups: groups } = holdoutOf(splits)
  const needed = neededFor(worth)
  if (groups === 0 || groups >= needed) return []
  const finds = smallestEffect(groups)
  const can =
    finds === undefined
      ? 'so few can hardly show anything'
      : `these show a gain of about ${Math.ceil(finds * 100)} points`
  const message = `The holdout has ${counted(groups, 'group')} to decide on. For a gain of ${worth * 100} points of a hundred a gate needs about ${formatCount(needed)} (fewer if the scores differ little); ${can}.`
  return [{ kind: 'small holdout', message }]
}

function neededFor(effect: number): number {
  return casesNeeded({ effect, deviation: believedDeviation })
}

/** The smallest difference that so many groups suffice for, to a thousandth. */
function smallestEffect(groups: number): number | undefined {
  let low = worth
  let high = 0.999
  if (neededFor(high) > groups) return undefined
  while (high - low > 0.001) {
    const middle = (low + high) / 2
    if (neededFor(middle) <= groups) high = middle
    else low = middle
  }
  return high
}

function unequalSplits({ splits }: Facts): readonly DatasetWarning[] {
  const scored = splits.flatMap(({ split, meanScore, scoreVariance, scored: count }) =>
    meanScore === null || scoreVariance === null
      ? []
      : [{ split, mean: meanScore, error: scoreVariance / count }],
  )
  const pairs = scored.flatMap((one, at) => scored.slice(at + 1).map((other) => ({ one, other })))
  return pairs.flatMap(({ one, other }) => {
    const distance = Math.abs(one.mean - other.mean)
    if (distance < worth || distance <= beyondLuck * Math.sqrt(one.error + other.error)) return []
    const text = `The runs of ${one.split} scored ${one.mean.toFixed(2)} on average, those of ${other.split} ${other.mean.toFixed(2)}: what is found on one need not hold on the other.`
    return [{ kind: 'unequal splits', message: text } as const]
  })
}

function holdoutOf(splits: readonly SplitDescription[]): {
  readonly groups: number
  readonly fairGroups: number
} {
  return splits.find(({ split }) => split === 'holdout') ?? { groups: 0, fairGroups: 0 }
}
