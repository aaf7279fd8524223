import { counted } from '@trace2/core'
import type { Candidate, Trial } from '@trace2/store'
import { baseId } from './candidate.ts'
import { UsageWatch } from './usage-watch.ts'

/** Trials that all fail before it is taken for a fault of the set-up. */
const failuresInARow = 5
/** Trials of a candidate in a row that fail with one and the same message before that is taken for a fault of the set-up. */
const alikeInARow = 10
/** Trials of a side before it is said that it cannot be replayed, and the share of them that diverge then. */
const trialsOfReplay = 5
const shareOfDiverged = 0.8

/** How the trials of one side have ended. */
interface Side {
  trials: number
  diverged: number
  /** Failures in a row with the same message, of trials that were run now. */
  alike: number
  /** Kind of the last failure. */
  kind: string
  /** Message of the last failure. */
  reason: string | null
}

/** Looks at trials as they end, for what makes all further ones useless. */
export class Alarms {
  readonly #usage: UsageWatch
  readonly #candidates: readonly Candidate[]
  readonly #sides = new Map<string, Side>()
  #failures = 0
  #succeeded = false

  /**
   * @param candidates the base among them, or not.
   * @param changed parameters in which they differ.
   */
  constructor(candidates: readonly Candidate[], changed: readonly string[]) {
    this.#usage = new UsageWatch(candidates, changed)
    this.#candidates = candidates.filter(({ id }) => id !== baseId)
  }

  /** Takes in which parameters an agent said it does not have. */
  lookForUnclaimed(unclaimed: readonly string[] | null): void {
    this.#usage.lookForUnclaimed(unclaimed)
  }

  /**
   * Why the experiment should stop; `undefined` where it may go on.
   *
   * @param isNew whether the trial was run now: one that failed before says nothing of the set-up as it is.
   */
  look(trial: Trial, candidate: Candidate, isNew: boolean): string | undefined {
    const side = this.#take(trial, candidate, isNew)
    const unused = this.#usage.look(trial, candidate, isNew)
    return (
      this.#lookForFaults(trial, isNew) ??
      this.#lookForAlike(side, candidate) ??
      this.#lookForDivergence(trial, side, candidate) ??
      unused
    )
  }

  /** What should be said of candidates whose values no trial has used. */
  unused(): ReadonlyMap<string, string> {
    return this.#usage.unused()
  }

  #take({ outcome, reason, cached }: Trial, { id }: Candidate, isNew: boolean): Side {
    const side = this.#sides.get(id) ?? { trials: 0, diverged: 0, alike: 0, kind: '', reason: null }
    this.#sides.set(id, side)
    side.trials++
    if (outcome === 'diverged') side.diverged++
    const kind = outcome === 'failed' || outcome === 'crashed' ? kindOf(reason) : undefined
    if (kind === undefined) side.alike = 0
    else if (isNew && !cached) side.alike = kind === side.kind ? side.alike + 1 : 1
    side.kind = kind ?? ''
    side.reason = reason
    return side
  }

  #lookForFaults({ outcome, reason, cached }: Trial, isNew: boolean): string | undefined {
    if (outcome === 'not reproducible' || outcome === 'not replayable') return undefined
    // What another experiment had says nothing of the set-up as it is.
    if (cached) return undefined
    if (outcome === 'done' || outcome === 'diverged') this.#succeeded = true
    if (this.#succeeded || !isNew) return undefined
    this.#failures++
    if (this.#failures < failuresInARow) return undefined
    return `The first ${counted(this.#failures, 'trial')} have all failed, the last one so: ${outcome}${said(reason)}`
  }

  /** A base that always fails alike is what a candidate may mend; a candidate that does is not tried at all. */
  #lookForAlike({ alike, reason }: Side, candidate: Candidate): string | undefined {
    if (candidate.id === baseId || alike < alikeInARow) return undefined
    const isEach = this.#candidates.every(
      ({ id }) => (this.#sides.get(id)?.alike ?? 0) >= alikeInARow,
    )
    if (!isEach) return undefined
    return `The last ${counted(alike, 'trial')} of ${candidate.name} have all failed alike${said(reason)} Where that is what the change does, it helps nobody; else see what the agent needs to run with it.`
  }

  #lookForDivergence(
    { outcome, reason }: Trial,
    side: Side,
    candidate: Candidate,
  ): string | undefined {
    if (outcome !== 'diverged' || !isHardlyReplayed(side)) return undefined
    const isEach =
      candidate.id === baseId ||
      this.#candidates.every(({ id }) => {
        const of = this.#sides.get(id)
        return of !== undefined && isHardlyReplayed(of)
      })
    if (!isEach) return undefined
    return `${candidate.name} cannot be tried by replay: ${side.diverged} of ${counted(side.trials, 'trial')} came to a call with an effect that the stored run does not have, the last one so${said(reason)} Run the agent wholly with --no-replay.`
  }
}

function isHardlyReplayed({ trials, diverged }: Side): boolean {
  return trials >= trialsOfReplay && diverged >= trials * shareOfDiverged
}

/** A message without what differs from trial to trial: numbers, ids and what is quoted. */
function kindOf(reason: string | null): string {
  return (reason ?? '')
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .replace(/\b[0-9a-f-]*\d[0-9a-f-]*\b/gi, '0')
}

/** `: reason.`, as the end of a sentence. */
function said(reason: string | null): string {
  if (reason === null || reason === '') return '.'
  return `: ${reason}${/[.!?…]$/.test(reason) ? '' : '.'}`
}
