import type { Trial, TrialMode } from '@trace2/store'
import type { Guard, PairedCase } from '../gate/index.ts'

/** A guard of which trials tell nothing. */
export interface UnseenGuard {
  readonly name: string
  /** Why, in half a sentence. */
  readonly why: string
  /** Whether there may be something all the same: then nothing shows that the guard is kept. */
  readonly isOpen: boolean
}

/** Guards that have anything to watch, and those that have not. */
export function seenGuards(
  guards: readonly Guard[],
  pairs: readonly PairedCase[],
  trials: readonly Trial[],
  mode: TrialMode,
): { readonly guards: readonly Guard[]; readonly unseen: readonly UnseenGuard[] } {
  const sees = (guard: Guard) =>
    guard.kind === 'errors' || (isCompared(guard.name, mode) && isSeen(guard, pairs))
  return {
    guards: guards.filter(sees),
    unseen: guards
      .filter((guard) => !sees(guard))
      .map(({ name }) => ({ name, ...whyUnseen(name, trials, mode) })),
  }
}

/** What is answered from the store takes no time: latency is compared in whole runs only. */
function isCompared(name: string, mode: TrialMode): boolean {
  return mode === 'live' || name !== 'latencyMs'
}

function isSeen({ name }: Guard, pairs: readonly PairedCase[]): boolean {
  return pairs.some(({ guards }) => {
    const values = guards?.[name]
    return values !== undefined && values.base.length > 0 && values.candidate.length > 0
  })
}

function whyUnseen(
  name: string,
  trials: readonly Trial[],
  mode: TrialMode,
): Omit<UnseenGuard, 'name'> {
  if (!isCompared(name, mode)) {
    return { why: 'it is compared in whole runs only (--no-replay)', isOpen: false }
  }
  const done = trials.filter(({ outcome }) => outcome === 'done')
  if (done.length === 0) return { why: 'no trial came to its end', isOpen: true }
  if (name === 'costUsd' && done.some((trial) => trial.costUsd === null && tokensOf(trial) > 0)) {
    return { why: 'the price of a model that was asked is not known', isOpen: true }
  }
  if (done.every(({ used }) => used === null)) {
    return { why: 'the agent sent no spans', isOpen: false }
  }
  return { why: 'no trial asked a model for anything', isOpen: false }
}

function tokensOf({ inputTokens, outputTokens }: Trial): number {
  return inputTokens + outputTokens
}
