import { resolve } from 'node:path'
import { type Deployment, type Proposal, proposalClosed, type Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { currentParameters, isInForce } from './current.ts'
import { type Change, editedDocument, newDocument } from './document-edits.ts'
import { withFileLock } from './file-lock.ts'
import { type Arm, followed, openParametersFile, type ParametersFile } from './parameters-file.ts'
import { passedOverText } from './passed-over.ts'
import { replaceFile } from './replace-file.ts'
import { isAcceptable, rolledBack } from './rolled-back.ts'
import { noteOfUnseen, refuseUnseen } from './unseen.ts'
import { refuseUnusual } from './unusual.ts'

/** Options of {@link accept}. */
export interface AcceptOptions {
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
 * Puts proposed values in force. It records their versions, writes the parameters file, and closes the proposals.
 *
 * Either all proposals are accepted or none: every check comes before the first change, and the file is replaced in one step.
 * Commands that change the same file wait for each other. If a parameter has variants, only the variant that the proposal was
 * made for is replaced, and it keeps its weight. All other text of the file stays as it is.
 *
 * @param ids Ids of proposals, or unique beginnings of ids. The proposals must be open or rolled back, and for different
 * parameters.
 * @throws `T2_PROPOSAL_CONFLICT` if a parameter no longer has the version that its proposal was made for, or already has the
 * proposed value; `T2_VALUE_EMPTY` if the value is an empty text; `T2_PROPOSAL_MARKED` if it is unusual and `marked` is not
 * set; `T2_VALUE_UNSEEN` if it adds characters that a reader does not see and `allowInvisible` is not set;
 * `T2_PARAMETERS_LOCKED`, `T2_PARAMETERS_FILE`, `T2_PARAMETERS_ENTRY` or `T2_PARAMETERS_UNWRITABLE` if the file cannot
 * be changed.
 * @example await accept(store, ['p-1f0c2b3a'], { file: 'trace2.parameters.json' })
 */
export async function accept(
  store: Store,
  ids: readonly string[],
  options: AcceptOptions,
): Promise<readonly Deployment[]> {
  // A file is the same from any directory.
  const file = resolve(options.file)
  return withFileLock(await followed(file), () => acceptLocked(store, ids, { ...options, file }))
}

async function acceptLocked(
  store: Store,
  ids: readonly string[],
  options: AcceptOptions,
): Promise<readonly Deployment[]> {
  const proposals: Proposal[] = []
  for (const id of ids) proposals.push(await store.proposal(id))
  const current = await currentParameters(store, options.file)
  const file = await openParametersFile(options.file)
  const back = await rolledBack(store)
  const changes = new Map<string, Change>()
  const previous = new Map<string, string | null>()
  for (const proposal of proposals) {
    const { id, parameter, baseVersion, version, value } = proposal
    if (!isAcceptable(proposal, back)) throw proposalClosed(proposal)
    const conflict = (what: string) => raise('T2_PROPOSAL_CONFLICT', what)
    if (changes.has(parameter)) throw conflict(`Two of the proposals are for ${parameter}.`)
    const now = current.get(parameter)
    const none = file.faulty.get(parameter)
    const passedOver =
      none === undefined ? now?.passedOver : { file: options.file, why: none, isReplaceable: false }
    if (passedOver && !passedOver.isReplaceable) {
      throw raise('T2_PARAMETERS_ENTRY', passedOverText(parameter, passedOver))
    }
    const holds = (wanted: string) => now !== undefined && isInForce(now, wanted)
    const arms = file.values.get(parameter)?.arms ?? []
    const last = (await standing(store, parameter, options.file)).at(-1)
    // A version in force that nobody accepted is an acceptance that was cut short after the file was written.
    if (
      !holds(baseVersion) &&
      holds(version) &&
      last?.version === version &&
      last.proposal !== id
    ) {
      throw conflict(`What ${id} proposes is in force already, by ${last.proposal}.`)
    }
    if (arms.length > 1 && holds(baseVersion) && holds(version)) {
      throw conflict(`What ${id} proposes is one of the variants of ${parameter} already.`)
    }
    if (!holds(baseVersion) && !holds(version)) {
      const others = now?.base?.arms.map((arm) => arm.version).join(', ')
      throw conflict(
        `${id} was made for version ${baseVersion} of ${parameter}, but ${others || 'none'} is in force.`,
      )
    }
    previous.set(id, versionBefore(arms, proposal, last))
    changes.set(parameter, { kind: 'set', value, replaces: baseVersion })
  }

  refuseUnusual(proposals, current, options.marked === true)
  refuseUnseen(proposals, options.allowInvisible === true)

  for (const { parameter, value, baseVersion } of proposals) {
    const known = current.get(parameter)
    const { description = '', schema = null, trainable = true } = known ?? {}
    const about = {
      name: parameter,
      description,
      schema,
      trainable,
      ...(known ? { valueKind: known.valueKind } : {}),
    }
    // A value that people wrote into the file may have been used by no run yet; a rollback brings it back.
    const before = file.values.get(parameter)?.arms.find((arm) => arm.version === baseVersion)
    if (before) await store.addParameterVersion({ ...about, value: before.value })
    await store.addParameterVersion({ ...about, value })
  }
  await write(file, changes)
  const deployments: Deployment[] = []
  for (const proposal of proposals) {
    const { id, parameter, version, status } = proposal
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
    if (status === 'open')
      await store.decideProposal(id, {
        status: 'accepted',
        note: noteOfUnseen(proposal, options.note),
      })
  }
  return deployments
}

/** Closes a proposal and changes no value. `note` is the reason, for later readers. */
export async function reject(store: Store, id: string, note = ''): Promise<Proposal> {
  return store.decideProposal((await store.proposal(id)).id, { status: 'rejected', note })
}

/**
 * Undoes the latest acceptance for a parameter. The version before it is in force again, which may be the one in the code.
 * Each further call goes back one more version.
 *
 * @throws `T2_NOTHING_TO_ROLL_BACK` if nothing was accepted; `T2_PROPOSAL_CONFLICT` if the file holds another version than
 * the accepted one.
 */
export async function rollback(
  store: Store,
  name: string,
  options: { readonly file: string },
): Promise<Deployment> {
  const file = resolve(options.file)
  return withFileLock(await followed(file), () => rollbackLocked(store, name, { file }))
}

async function rollbackLocked(
  store: Store,
  name: string,
  options: { readonly file: string },
): Promise<Deployment> {
  const latest = (await standing(store, name, options.file)).at(-1)
  if (!latest) {
    const elsewhere = await filesWith(store, name)
    const where = elsewhere.length === 0 ? '' : ` One is in ${elsewhere.join(', ')}.`
    throw raise(
      'T2_NOTHING_TO_ROLL_BACK',
      `No accepted change of ${name} is in force in ${options.file}.${where}`,
    )
  }
  const file = await openParametersFile(options.file)
  const arms = file.values.get(name)?.arms ?? []
  if (!arms.some(({ version }) => version === latest.version)) {
    const now = arms.map(({ version }) => version).join(', ')
    throw raise(
      'T2_PROPOSAL_CONFLICT',
      `${options.file} holds version ${now || 'none'} of ${name}, not the accepted ${latest.version}.`,
    )
  }
  let change: Change = { kind: 'remove' }
  if (latest.previousVersion !== null) {
    const history = await store.parameterHistory(name)
    const previous = history.find(({ version }) => version === latest.previousVersion)
    if (!previous) {
      throw raise(
        'T2_NOTHING_TO_ROLL_BACK',
        `The store does not hold version ${latest.previousVersion} of ${name}.`,
      )
    }
    change = { kind: 'set', value: previous.value, replaces: latest.version }
  }
  await write(file, new Map([[name, change]]))
  return store.addDeployment({
    parameter: name,
    version: latest.previousVersion,
    previousVersion: latest.version,
    proposal: latest.proposal,
    action: 'rollback',
    target: options.file,
  })
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

async function write(
  { path, document }: ParametersFile,
  changes: ReadonlyMap<string, Change>,
): Promise<void> {
  const text = document ? editedDocument(document.text, changes) : newDocument(changes)
  await replaceFile(path, text, document)
}

/** Files in which an accepted change of a parameter is in force. */
async function filesWith(store: Store, name: string): Promise<readonly string[]> {
  const targets = new Set((await store.deployments(name)).map(({ target }) => resolve(target)))
  const files: string[] = []
  for (const target of targets) {
    if ((await standing(store, name, target)).length > 0) files.push(target)
  }
  return files
}

/** Acceptances for a parameter in a file that were not taken back, the latest last. */
async function standing(store: Store, name: string, file: string): Promise<readonly Deployment[]> {
  const accepted: Deployment[] = []
  for (const deployment of await store.deployments(name)) {
    if (resolve(deployment.target) !== file) continue
    if (deployment.action === 'accept') accepted.push(deployment)
    else accepted.pop()
  }
  return accepted
}
