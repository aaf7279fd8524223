import { counted } from '@trace2/core'
import type { GuardReport } from './guards/guard.ts'
import type { CheckedOptions } from './options.ts'
import type { Counts } from './report.ts'

interface Seen {
  readonly options: CheckedOptions
  readonly guards: readonly GuardReport[]
  readonly counts: Counts
}

/** What a reader must know to read the figures rightly, in sentences. */
export function caveatsOf({ options, guards, counts }: Seen): readonly string[] {
  const base = sumOf(counts.missing.base)
  const candidate = sumOf(counts.missing.candidate)
  const how =
    options.missing === 'worst score'
      ? 'as the worst one'
      : 'both ways: each limit takes what is worst for it'
  const caveats = guards
    .filter(({ cases }) => cases < counts.cases)
    .map(
      ({ name, cases }) =>
        `The guard ${name} stands on ${cases} of ${counts.cases} cases: the others have no value on one of the sides.`,
    )
  if (base + candidate > 0) {
    caveats.unshift(
      `${counted(base, 'trial')} of the base and ${candidate} of the candidate have no score and count ${how}.`,
    )
  }
  if (options.basis === 'reused') {
    caveats.push('Some of these cases have been read by an earlier decision.')
  }
  return caveats
}

function sumOf(counts: Counts['missing']['base']): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
