import { type Deployment, type Proposal, proposalClosed, type Store } from '@trace2/collector/store'
import { raise } from '../errors.ts'
import { currentParameters } from './current.ts'
import { withFileLock } from './file-lock.ts'
import { readParametersFile, writeParametersFile } from './parameters-file.ts'
import { refuseUnusual } from './unusual.ts'

export interface AcceptOptions {
  /** The parameters file that the agent reads. */
  readonly file: string
  readonly note?: string
  /** Also accepts values that are marked as unusual, which someone has looked at. Default `false`. */
  readonly marked?: boolean
}

/**
 * Puts proposed values in force: records their versions, writes the parameters file, and closes the proposals. All of
 * them or none: every check comes before the first change, and the file changes in one step. Commands that change one
 * file at the same time take turns.
 *
 * @param ids ids of open proposals, or unique prefixes, for different parameters.
 * @throws `T2_PROPOSAL_CONFLICT` where a parameter is no longer in the version that its proposal was made for, or has the
 * proposed value already; `T2_VALUE_EMPTY` where it is an empty text; `T2_PROPOSAL_MARKED` where it is unusual and
 * `marked` does not say that this is known; `T2_PARAMETERS_LOCKED`.
 * @example await accept(store, ['p-1f0c2b3a'], { file: 'trace2.parameters.json' })
 */
export function accept(
  store: Store,
  ids: readonly string[],
  options: AcceptOptions,
): Promise<readonly Deployment[]> {
  return withFileLock(options.file, () => acceptLocked(store, ids, options))
}

async function acceptLocked(
  store: Store,
  ids: readonly string[],
  options: AcceptOptions,
): Promise<readonly Deployment[]> {
  const proposals: Proposal[] = []
  for (const id of ids) proposals.push(await store.proposal(id))
  const current = await currentParameters(store, options.file)
  const before = await readParametersFile(options.file)
  const seen = new Set<string>()
  const previous = new Map<string, string | null>()
  for (const proposal of proposals) {
    const { id, parameter, baseVersion, version } = proposal
    if (proposal.status !== 'open') throw proposalClosed(proposal)
    const now = current.get(parameter)?.version
    const last = (await standing(store, parameter, options.file)).at(-1)
    const conflict = (what: string) => raise('T2_PROPOSAL_CONFLICT', what)
    if (seen.has(parameter)) throw conflict(`Two of the proposals are for ${parameter}.`)
    seen.add(parameter)
    // A version in force that nobody accepted is an acceptance that was cut short after the file was written.
    if (now === version && last?.version === version && last.proposal !== id) {
      throw conflict(`What ${id} proposes is in force already, by ${last.proposal}.`)
    }
    if (now !== baseVersion && now !== version) {
      throw conflict(
        `${id} was made for version ${baseVersion} of ${parameter}, but ${now ?? 'none'} is in force.`,
      )
    }
    const held = before.get(parameter)?.version ?? null
    previous.set(id, held === version ? (last?.version ?? null) : held)
  }

  refuseUnusual(proposals, current, options.marked === true)

  const after = new Map(before)
  for (const { parameter, value, version } of proposals) {
    const { description = '', schema = null, trainable = true } = current.get(parameter) ?? {}
    await store.addParameterVersion({ name: parameter, value, description, schema, trainable })
    after.set(parameter, { value, version })
  }
  await writeParametersFile(options.file, after)
  const deployments: Deployment[] = []
  for (const { id, parameter, version } of proposals) {
    deployments.push(
      await store.addDeployment({
        parameter,
        version,
        previousVersion: previous.get(id) ?? null,
        proposal: id,
        action: 'accept',
        target: options.file,
      }),
    )
    await store.decideProposal(id, { status: 'accepted', note: options.note ?? '' })
  }
  return deployments
}

/** Closes a proposal without changing anything, with the reason for later readers. */
export async function reject(store: Store, id: string, note = ''): Promise<Proposal> {
  return store.decideProposal((await store.proposal(id)).id, { status: 'rejected', note })
}

/**
 * Takes the latest acceptance for a parameter back: the version before it is in force again, which can be the one in
 * the code. Called again, it goes back one more.
 *
 * @throws `T2_NOTHING_TO_ROLL_BACK`; `T2_PROPOSAL_CONFLICT` where the file holds another version than was accepted.
 */
export function rollback(
  store: Store,
  name: string,
  options: { readonly file: string },
): Promise<Deployment> {
  return withFileLock(options.file, () => rollbackLocked(store, name, options))
}

async function rollbackLocked(
  store: Store,
  name: string,
  options: { readonly file: string },
): Promise<Deployment> {
  const latest = (await standing(store, name, options.file)).at(-1)
  if (!latest) {
    throw raise('T2_NOTHING_TO_ROLL_BACK', `No accepted change of ${name} is in force.`)
  }
  const values = new Map(await readParametersFile(options.file))
  const now = values.get(name)?.version ?? null
  if (now !== latest.version) {
    throw raise(
      'T2_PROPOSAL_CONFLICT',
      `${options.file} holds version ${now ?? 'none'} of ${name}, not the accepted ${latest.version}.`,
    )
  }
  if (latest.previousVersion === null) values.delete(name)
  else {
    const history = await store.parameterHistory(name)
    const previous = history.find(({ version }) => version === latest.previousVersion)
    if (!previous) {
      throw raise(
        'T2_NOTHING_TO_ROLL_BACK',
        `The store does not hold version ${latest.previousVersion} of ${name}.`,
      )
    }
    values.set(name, { value: previous.value, version: previous.version })
  }
  await writeParametersFile(options.file, values)
  return store.addDeployment({
    parameter: name,
    version: latest.previousVersion,
    previousVersion: latest.version,
    proposal: latest.proposal,
    action: 'rollback',
    target: options.file,
  })
}

/** Acceptances for a parameter in a file that were not taken back, the latest last. */
async function standing(store: Store, name: string, file: string): Promise<readonly Deployment[]> {
  const accepted: Deployment[] = []
  for (const deployment of await store.deployments(name)) {
    if (deployment.target !== file) continue
    if (deployment.action === 'accept') accepted.push(deployment)
    else accepted.pop()
  }
  return accepted
}
