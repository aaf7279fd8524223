import { type Json, parameterVersion, parseDocument } from '@trace2/core'
import type { Change as DecidedChange, Decision, Deployment, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { type Change, editedDocument, newDocument } from './document-edits.ts'
import { forgetIntent } from './intent.ts'
import { openParametersFile, type ParametersFile } from './parameters-file.ts'
import { replaceFile } from './replace-file.ts'

/** What came of a decision. */
export interface Outcome {
  readonly decision: Decision
  /** What is in force by it. */
  readonly deployments: readonly Deployment[]
  /** Parameters of which nothing is: the file has other values by now, or could not be written. */
  readonly withdrawn: readonly string[]
  /** Why the file could not be written; `undefined` if it was, or did not have to be. */
  readonly fault: unknown
}

/**
 * Changes the file as a decision that is begun says, in so far as it is not changed yet, and ends the decision. The caller
 * holds the lock of the file where it may be written.
 *
 * @param file as the caller knows it. Default: as it stands.
 * @param mayWrite whether the file may be changed. Otherwise what it does not give yet is taken back.
 * @throws `T2_PARAMETERS_FILE` if nobody can tell what the file gives. The decision is not ended then.
 */
export async function carryOut(
  store: Store,
  decision: Decision,
  { file, mayWrite }: { readonly file?: ParametersFile; readonly mayWrite: boolean },
): Promise<Outcome> {
  const found = file ?? (await openParametersFile(decision.target))
  const changes = new Map<string, Change>()
  const inForce: string[] = []
  for (const change of decision.changes) {
    const fate = fateOf(decision, change, found)
    if (fate === 'given') inForce.push(change.parameter)
    const due = fate === 'due' && mayWrite ? await changeOf(store, decision, change) : undefined
    if (due) changes.set(change.parameter, due)
  }
  let fault: unknown
  try {
    await write(found, changes)
    inForce.push(...changes.keys())
  } catch (error) {
    fault = error
  }
  const deployments = await store.endDecision(decision.id, inForce)
  if (mayWrite) await forgetIntent(decision.target)
  const given = new Set(deployments.map(({ parameter }) => parameter))
  const withdrawn = decision.changes.flatMap(({ parameter }) =>
    given.has(parameter) ? [] : [parameter],
  )
  return { decision, deployments, withdrawn, fault }
}

/** Whether the file gives the new version, the one that gives way to it, or what somebody else has written. */
function fateOf(
  { action }: Decision,
  { parameter, version, replaces }: DecidedChange,
  file: ParametersFile,
): 'given' | 'due' | 'lost' {
  if (file.faulty.has(parameter)) return 'lost'
  const versions = file.values.get(parameter)?.arms.map((arm) => arm.version) ?? []
  const gives = (one: string | null) =>
    one === null ? versions.length === 0 : versions.includes(one)
  // What is taken back is gone once it is; what is accepted is there once it is.
  const isDue = gives(replaces) && (action === 'rollback' || !gives(version))
  if (isDue) return 'due'
  return gives(version) ? 'given' : 'lost'
}

/** What is to be written; `undefined` if the store does not hold it. */
async function changeOf(
  store: Store,
  { action }: Decision,
  { parameter, version, replaces, proposal }: DecidedChange,
): Promise<Change | undefined> {
  if (version === null) return { kind: 'remove' }
  const value =
    action === 'accept' && proposal !== null
      ? asDecided((await store.proposal(proposal)).value, version)
      : await storedValue(store, parameter, version)
  return value === undefined ? undefined : { kind: 'set', value, replaces }
}

/** A value that the store holds whole. */
export async function storedValue(
  store: Pick<Store, 'parameterHistory'>,
  parameter: string,
  version: string,
): Promise<Json | undefined> {
  const history = await store.parameterHistory(parameter)
  return asDecided(history.find((known) => known.version === version)?.value, version)
}

/** Redaction may have made holes in a value. */
function asDecided(value: Json | undefined, version: string): Json | undefined {
  return value !== undefined && parameterVersion(value) === version ? value : undefined
}

async function write(file: ParametersFile, changes: ReadonlyMap<string, Change>): Promise<void> {
  if (changes.size === 0) return
  const { path, document } = file
  const text = document ? editedDocument(document.text, changes) : newDocument(changes)
  const { values } = parseDocument(text)
  for (const [name, change] of changes) {
    const given = values.get(name)?.map(({ value }) => parameterVersion(value as Json)) ?? []
    const isGiven =
      change.kind === 'set'
        ? given.includes(parameterVersion(change.value)) && text !== document?.text
        : given.length === 0
    if (!isGiven) {
      throw raise(
        'T2_PARAMETERS_FILE',
        `The entry ${JSON.stringify(name)} of ${path} stays as it is.`,
      )
    }
  }
  await replaceFile(path, text, document)
}
