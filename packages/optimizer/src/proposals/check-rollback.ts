import type { NewChange, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { storedValue } from './carry-out.ts'
import type { ParametersFile } from './parameters-file.ts'
import { filesWith, standing } from './standing.ts'

/**
 * Finds what is to be taken back in a file, and checks that it can be.
 *
 * @throws `T2_NOTHING_TO_ROLL_BACK`, `T2_PROPOSAL_CONFLICT`
 */
export async function checkRollback(
  store: Store,
  name: string,
  { path, values, document }: ParametersFile,
): Promise<NewChange> {
  const deployments = await store.deployments(name)
  const latest = (await standing(deployments, path)).at(-1)
  if (!latest) {
    const elsewhere = await filesWith(store, name)
    const where = elsewhere.length === 0 ? '' : ` One is in ${elsewhere.join(', ')}.`
    throw raise(
      'T2_NOTHING_TO_ROLL_BACK',
      `No accepted change of ${name} is in force in ${path}.${where}`,
    )
  }
  const { version, previousVersion, proposal } = latest
  const arms = values.get(name)?.arms ?? []
  if (version === null || !arms.some((arm) => arm.version === version)) {
    const now = arms.map((arm) => arm.version).join(', ') || 'none'
    const file = document ? `${path} holds version ${now}` : `${path} does not exist and holds none`
    throw raise('T2_PROPOSAL_CONFLICT', `${file} of ${name}, not the accepted ${version}.`)
  }
  if (previousVersion === version) {
    throw raise(
      'T2_NOTHING_TO_ROLL_BACK',
      `The version of ${name} before the accepted one is the same, ${version}.`,
    )
  }
  if (previousVersion !== null && (await storedValue(store, name, previousVersion)) === undefined) {
    throw raise(
      'T2_NOTHING_TO_ROLL_BACK',
      `The store does not hold version ${previousVersion} of ${name}.`,
    )
  }
  return {
    parameter: name,
    version: previousVersion,
    replaces: version,
    previousVersion: version,
    proposal,
    after: deployments.at(-1)?.id ?? null,
  }
}
