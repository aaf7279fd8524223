import { type Deployment, type Proposal, proposalClosed, type Store } from '@trace2/collector/store'
import { raise } from '../errors.ts'
import { currentParameters } from './current.ts'
import { withFileLock } from './file-lock.ts'
import { readParametersFile, writeParametersFile } from './parameters-file.ts'

export interface AcceptOptions {
  /** The parameters file that the agent reads. */
  readonly file: string
  readonly note?: string
}

/**
 * Puts proposed values in force: records their versions, writes the parameters file, and closes the proposals. All of
 * them or none: every check comes before the first change, and the file changes in one step. Commands that change one
 * file at the same time take turns.
 *
 * @param ids ids of open proposals, or unique prefixes, for different parameters.
 * @throws `T2_PROPOSAL_CONFLICT` where a parameter is no longer in the version that its proposal was made for.
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
  const seen = new Set<string>()
  for (const proposal of proposals) {
    const { id, parameter, baseVersion, version } = proposal
    if (proposal.status !== 'open') throw proposalClosed(proposal)
    const now = current.get(parameter)?.version
    // A version already in force is an acceptance that was cut short after the file was written.
    if (seen.has(parameter) || (now !== baseVersion && now !== version)) {
      throw raise(
        'T2_PROPOSAL_CONFLICT',
        seen.has(parameter)
          ? `Two of the proposals are for ${parameter}.`
          : `${id} was made for version ${baseVersion} of ${parameter}, but ${now ?? 'none'} is in force.`,
      )
    }
    seen.add(parameter)
  }

  const before = await readParametersFile(options.file)
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
        previousVersion: before.get(parameter)?.version ?? null,
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
  const standing: Deployment[] = []
  for (const deployment of await store.deployments(name)) {
    if (deployment.target !== options.file) continue
    if (deployment.action === 'accept') standing.push(deployment)
    else standing.pop()
  }
  const latest = standing.pop()
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
