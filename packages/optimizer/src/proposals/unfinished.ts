import { hostname } from 'node:os'
import { Trace2Error } from '@trace2/core'
import { type Decision, decisionUnfinished, type Store } from '@trace2/store'
import { carryOut, type Outcome } from './carry-out.ts'
import { isLocked, withFileLock } from './file-lock.ts'
import { isIntended } from './intent.ts'

/** Options of what decides. */
export interface DecideOptions {
  /** Is told of each decision that an earlier command began and did not end, once it is ended. */
  readonly onFinished?: (outcome: Outcome) => void
}

/** What was done about decisions that were not ended. */
export interface Finished {
  /** Those that are ended now. */
  readonly ended: readonly Outcome[]
  /** Those that are not: another process is at them, another machine has the file, or nobody can tell what it gives. */
  readonly left: readonly Decision[]
}

/** How long to wait for a lock that nobody seems to hold, in milliseconds. */
const patienceMs = 2000

/**
 * Ends the decisions that killed or failed commands began. If the file has what was decided, that is recorded. If the file is as
 * it was before, it is changed. If it can no longer be changed so, or no command on this machine took the decision, it is taken
 * back, and its proposals are open again.
 *
 * @param locked path of a file whose lock the caller holds, without symbolic links.
 * @example const { ended } = await finishDecisions(store)
 */
export async function finishDecisions(
  store: Store,
  { onFinished }: DecideOptions = {},
  locked?: string,
): Promise<Finished> {
  const ended: Outcome[] = []
  const left: Decision[] = []
  for (const decision of await store.unfinishedDecisions()) {
    try {
      const outcome = await finish(store, decision, locked)
      if (outcome) {
        ended.push(outcome)
        onFinished?.(outcome)
      } else left.push(decision)
    } catch (error) {
      if (!isOf(error, unfinishable)) throw error
      left.push(decision)
    }
  }
  return { ended, left }
}

/** Why a decision may have to wait: nobody can tell what its file gives, or have it alone. */
const unfinishable = ['T2_PARAMETERS_FILE', 'T2_PARAMETERS_LOCKED', 'T2_PARAMETERS_UNWRITABLE']

async function finish(
  store: Store,
  decision: Decision,
  locked: string | undefined,
): Promise<Outcome | undefined> {
  const { id, target, machine } = decision
  const mayWrite = await isIntended(decision)
  if (target === locked) return carryOut(store, decision, { mayWrite })
  if (machine !== hostname() || (await isLocked(target))) return undefined
  const work = async () => {
    const isLeft = (await store.unfinishedDecisions()).some((one) => one.id === id)
    return isLeft ? carryOut(store, decision, { mayWrite }) : undefined
  }
  if (!mayWrite) return work()
  return withFileLock(target, work, patienceMs)
}

/**
 * Decisions that no process is at any more, although they are not ended; also those of other machines.
 *
 * @example for (const { target } of await interruptedDecisions(store)) console.log(target)
 */
export async function interruptedDecisions(
  store: Pick<Store, 'unfinishedDecisions'>,
): Promise<readonly Decision[]> {
  const interrupted: Decision[] = []
  for (const decision of await store.unfinishedDecisions()) {
    const isHere = decision.machine === hostname()
    if (!isHere || !(await isLocked(decision.target))) interrupted.push(decision)
  }
  return interrupted
}

/** Refuses to decide about a proposal whose acceptance is not ended. */
export function refuseLeft(left: readonly Decision[], proposal: string): void {
  const decision = left.find(({ changes }) => changes.some((one) => one.proposal === proposal))
  if (!decision) return
  throw decisionUnfinished(
    decision,
    `another command is at ${decision.target} on ${decision.machine}, or it cannot be read.`,
  )
}

export function isOf(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Trace2Error && codes.includes(error.code)
}
