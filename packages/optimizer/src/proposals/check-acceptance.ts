import {
  type Deployment,
  type NewChange,
  type Proposal,
  proposalClosed,
  type Store,
} from '@trace2/store'
import { raise } from '../errors.ts'
import { type CurrentParameter, currentParameters, isInForce } from './current.ts'
import type { Arm, ParametersFile } from './parameters-file.ts'
import { passedOverText } from './passed-over.ts'
import { isAcceptable, rolledBack } from './rolled-back.ts'
import { standing } from './standing.ts'
import { refuseUnseen } from './unseen.ts'
import { refuseUnusual } from './unusual.ts'

/** What is asked for when proposals are accepted. */
interface Asked {
  readonly file: string
  readonly marked?: boolean
  readonly allowInvisible?: boolean
}

/**
 * Checks that proposals can be accepted into a file, and records the versions that they bring and replace.
 *
 * @returns what is to be decided.
 * @throws as `accept` does, for the first proposal that cannot be accepted.
 */
export async function checkAcceptance(
  store: Store,
  proposals: readonly Proposal[],
  asked: Asked,
  file: ParametersFile,
): Promise<readonly NewChange[]> {
  const current = await currentParameters(store, asked.file)
  const back = await rolledBack(store)
  const changes = new Map<string, NewChange>()
  for (const proposal of proposals) {
    if (!isAcceptable(proposal, back)) throw proposalClosed(proposal)
    const { parameter } = proposal
    if (changes.has(parameter)) {
      throw raise('T2_PROPOSAL_CONFLICT', `Two of the proposals are for ${parameter}.`)
    }
    const deployments = await store.deployments(parameter)
    const last = (await standing(deployments, asked.file)).at(-1)
    const now = current.get(parameter)
    refuseConflict(proposal, now, file, last)
    changes.set(parameter, changeOf(proposal, file, last, deployments.at(-1)))
  }
  refuseUnusual(proposals, current, asked.marked === true)
  refuseUnseen(proposals, asked.allowInvisible === true)
  for (const proposal of proposals) await addVersions(store, proposal, current, file)
  return [...changes.values()]
}

function refuseConflict(
  { id, parameter, baseVersion, version }: Proposal,
  now: CurrentParameter | undefined,
  { path, faulty, values }: ParametersFile,
  last: Deployment | undefined,
): void {
  const conflict = (what: string) => raise('T2_PROPOSAL_CONFLICT', what)
  const none = faulty.get(parameter)
  const passedOver =
    none === undefined ? now?.passedOver : { file: path, why: none, isReplaceable: false }
  if (passedOver && !passedOver.isReplaceable) {
    throw raise('T2_PARAMETERS_ENTRY', passedOverText(parameter, passedOver))
  }
  const holds = (wanted: string) => now !== undefined && isInForce(now, wanted)
  const arms = values.get(parameter)?.arms ?? []
  if (version === baseVersion) throw conflict(`${id} proposes the value that ${parameter} has.`)
  if (!holds(baseVersion) && holds(version) && last?.version === version && last.proposal !== id) {
    throw conflict(`What ${id} proposes is in force already, by ${last.proposal}.`)
  }
  if (arms.length > 1 && holds(baseVersion) && holds(version)) {
    throw conflict(`What ${id} proposes is one of the variants of ${parameter} already.`)
  }
  // People may have written the proposed value into the file themselves.
  if (!holds(baseVersion) && !holds(version)) {
    const others = now?.base?.arms.map((arm) => arm.version).join(', ')
    throw conflict(
      `${id} was made for version ${baseVersion} of ${parameter}, but ${others || 'none'} is in force.`,
    )
  }
}

function changeOf(
  proposal: Proposal,
  file: ParametersFile,
  last: Deployment | undefined,
  latest: Deployment | undefined,
): NewChange {
  const { id, parameter, version, baseVersion } = proposal
  const arms = file.values.get(parameter)?.arms ?? []
  const given = [baseVersion, version].find((one) => arms.some((arm) => arm.version === one))
  return {
    parameter,
    version,
    replaces: given ?? arms[0]?.version ?? null,
    previousVersion: versionBefore(arms, proposal, last),
    proposal: id,
    after: latest?.id ?? null,
  }
}

/** What a rollback is to bring back: `null` is the value in the code. */
function versionBefore(
  arms: readonly Arm[],
  { baseVersion }: Proposal,
  last: Deployment | undefined,
): string | null {
  if (arms.length === 0) return null
  if (arms.length > 1 || arms[0]?.version === baseVersion) return baseVersion
  return last?.version ?? null
}

async function addVersions(
  store: Store,
  { parameter: name, baseVersion, value }: Proposal,
  current: ReadonlyMap<string, CurrentParameter>,
  file: ParametersFile,
): Promise<void> {
  const known = current.get(name)
  const { description = '', schema = null, trainable = true } = known ?? {}
  const about = { name, description, schema, trainable }
  const kind = known ? { valueKind: known.valueKind } : {}
  // A value that people wrote into the file may have been used by no run yet; a rollback brings it back.
  const before = file.values.get(name)?.arms.find((arm) => arm.version === baseVersion)
  if (before) await store.addParameterVersion({ ...about, ...kind, value: before.value })
  await store.addParameterVersion({ ...about, ...kind, value })
}
