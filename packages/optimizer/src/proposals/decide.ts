import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import {
  type Decision,
  type Deployment,
  decisionUnfinished,
  type NewChange,
  type NewDecision,
  type Proposal,
  type Store,
} from '@trace2/store'
import { raise } from '../errors.ts'
import { carryOut, type Outcome } from './carry-out.ts'
import { checkAcceptance } from './check-acceptance.ts'
import { checkRollback } from './check-rollback.ts'
import { withFileLock } from './file-lock.ts'
import { forgetIntent, noteIntent } from './intent.ts'
import { openParametersFile, type ParametersFile } from './parameters-file.ts'
import { followed } from './same-file.ts'
import { type DecideOptions, finishDecisions, isOf, refuseLeft } from './unfinished.ts'
import { noteOfUnseen } from './unseen.ts'

/** Options of {@link accept}. */
export interface AcceptOptions extends DecideOptions {
  /** Path of the parameters file that the agent reads. */
  readonly file: string
  /** The reason, for later readers. A proposal that is accepted again after a rollback keeps its earlier note. */
  readonly note?: string
  /** Accepts values that are marked as unusual too. Set it after someone has looked at them. Default `false`. */
  readonly marked?: boolean
  /**
   * Accepts values too that add characters which a reader does not see or takes for others. The note of the decision then
   * names them. Default `false`.
   */
  readonly allowInvisible?: boolean
}

/**
 * Puts proposed values in force. The decision is taken first, in one transaction of the store: either all proposals are
 * accepted or none, and of several commands that decide the same, one wins. Then the file is replaced in one step, and the
 * deployments are recorded. If a command ends on the way, the next one that decides something finishes what it began.
 *
 * Commands that change the same file wait for each other. If a parameter has variants, only the variant that the proposal was
 * made for is replaced, and it keeps its weight. All other text of the file stays as it is.
 *
 * @param ids Ids of proposals, or unique beginnings of ids. The proposals must be open or rolled back, and for different
 * parameters.
 * @throws `T2_PROPOSAL_CONFLICT` if a parameter no longer has the version that its proposal was made for, or already has the
 * proposed value; `T2_PROPOSAL_CLOSED` if a proposal is decided already; `T2_VALUE_EMPTY` if the value is an empty text;
 * `T2_PROPOSAL_MARKED` if it is unusual and `marked` is not set; `T2_VALUE_UNSEEN` if it adds characters that a reader does not
 * see and `allowInvisible` is not set; `T2_PARAMETERS_LOCKED`, `T2_PARAMETERS_FILE`,
 * `T2_PARAMETERS_ENTRY` or `T2_PARAMETERS_UNWRITABLE` if the file cannot be changed; `T2_DECISION_UNFINISHED` if another
 * decision stands in the way, or the store could not be told that the file is changed.
 * @example await accept(store, ['p-1f0c2b3a'], { file: 'trace2.parameters.json' })
 */
export async function accept(
  store: Store,
  ids: readonly string[],
  options: AcceptOptions,
): Promise<readonly Deployment[]> {
  return deciding(store, options, async (target, ended) => {
    const proposals: Proposal[] = []
    for (const id of ids) proposals.push(await store.proposal(id))
    const done = proposals.flatMap(({ id }) => doneBy(ended, 'accept', target, id) ?? [])
    const due = proposals.filter(({ id }) => !done.some(({ proposal }) => proposal === id))
    if (due.length === 0) return done
    const file = await openParametersFile(target)
    const changes = await checkAcceptance(store, due, { ...options, file: target }, file)
    const decision = { action: 'accept', note: noteOfUnseen(due, options.note), changes } as const
    return [...done, ...(await decide(store, decision, file))]
  })
}

/** Closes a proposal and changes no value. `note` is the reason, for later readers. */
export async function reject(
  store: Store,
  id: string,
  note = '',
  options: DecideOptions = {},
): Promise<Proposal> {
  const { left } = await finishDecisions(store, options)
  const proposal = await store.proposal(id)
  refuseLeft(left, proposal.id)
  return store.decideProposal(proposal.id, { status: 'rejected', note })
}

/** Options of {@link rollback}. */
export interface RollbackOptions extends DecideOptions {
  /** Path of the parameters file that the agent reads. */
  readonly file: string
}

/**
 * Undoes the latest acceptance for a parameter. The version before it is in force again, which may be the one in the code.
 * Each further call goes back one more version. If the call before ended on its way, this one finishes it and goes no
 * further.
 *
 * @throws `T2_NOTHING_TO_ROLL_BACK` if nothing was accepted; `T2_PROPOSAL_CONFLICT` if the file holds another version than
 * the accepted one; `T2_PARAMETERS_LOCKED`, `T2_PARAMETERS_FILE` or `T2_PARAMETERS_UNWRITABLE` if the file cannot be
 * changed; `T2_DECISION_UNFINISHED` as {@link accept}.
 */
export async function rollback(
  store: Store,
  name: string,
  options: RollbackOptions,
): Promise<Deployment> {
  const [deployment] = await deciding(store, options, async (target, ended) => {
    const done = ended
      .filter(({ decision }) => decision.action === 'rollback' && decision.target === target)
      .flatMap(({ deployments }) => deployments.filter(({ parameter }) => parameter === name))
    if (done.length > 0) return done
    const file = await openParametersFile(target)
    const change = await checkRollback(store, name, file)
    return decide(store, { action: 'rollback', note: '', changes: [change] }, file)
  })
  if (!deployment) throw new TypeError('A decision about a parameter led to no deployment.')
  return deployment
}

/** The deployment of a proposal by one of some decisions. */
function doneBy(
  ended: readonly Outcome[],
  action: Decision['action'],
  target: string,
  proposal: string,
): Deployment | undefined {
  return ended
    .filter(({ decision }) => decision.action === action && decision.target === target)
    .flatMap(({ deployments }) => deployments)
    .find((one) => one.proposal === proposal)
}

/** How long to wait for a decision of another process that stands in the way, in milliseconds. */
const patienceMs = 10_000
const pauseMs = 50

/**
 * Does with the file locked what takes a decision, after what earlier commands left is finished. Does it again where the
 * store has been told of another decision meanwhile.
 */
async function deciding(
  store: Store,
  options: DecideOptions & { readonly file: string },
  work: (target: string, ended: readonly Outcome[]) => Promise<readonly Deployment[]>,
): Promise<readonly Deployment[]> {
  const target = await followed(options.file)
  return withFileLock(target, async () => {
    const { ended: before, left } = await finishDecisions(store, options, target)
    const ended = [...before]
    // What was noted, and never begun.
    if (!left.some((decision) => decision.target === target)) await forgetIntent(target)
    const deadline = performance.now() + patienceMs
    for (;;) {
      try {
        return await work(target, ended)
      } catch (error) {
        const isInTheWay = isOf(error, ['T2_DECISION_CONFLICT', 'T2_DECISION_UNFINISHED'])
        if (!isInTheWay || performance.now() > deadline) throw error
        await setTimeout(pauseMs)
        const finishing = finishDecisions(store, options, target)
        const finished = await finishing.catch(() => Promise.reject(error))
        ended.push(...finished.ended)
      }
    }
  })
}

/** Why a store has certainly not taken a decision. */
const refusals = [
  'T2_PROPOSAL_CLOSED',
  'T2_PROPOSAL_UNKNOWN',
  'T2_DECISION_CONFLICT',
  'T2_DECISION_UNFINISHED',
]

/** Takes a decision and carries it out. Where the file cannot be changed the decision is taken back. */
async function decide(
  store: Store,
  taken: Pick<NewDecision, 'action' | 'note'> & { readonly changes: readonly NewChange[] },
  file: ParametersFile,
): Promise<readonly Deployment[]> {
  const place = { id: randomUUID(), target: file.path, machine: hostname() }
  const intended: NewDecision = { ...taken, ...place }
  await noteIntent(intended)
  let decision: Decision
  try {
    decision = await store.beginDecision(intended)
  } catch (error) {
    if (isOf(error, refusals)) await forgetIntent(file.path)
    throw error
  }
  let outcome: Outcome
  try {
    outcome = await carryOut(store, decision, { file, mayWrite: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw decisionUnfinished(decision, why, { cause: error })
  }
  if (outcome.fault !== undefined) throw outcome.fault
  if (outcome.withdrawn.length > 0) {
    const names = outcome.withdrawn.join(', ')
    throw raise('T2_PROPOSAL_CONFLICT', `${file.path} does not have what was decided of ${names}.`)
  }
  return outcome.deployments
}
