import type { Store } from '@trace2/collector/store'
import type { Variable } from '../prompt/index.ts'
import { type DeployedValues, readParametersFile } from './parameters-file.ts'

/** A parameter as it is now, and whether a change of it may be proposed. */
export interface CurrentParameter extends Variable {
  readonly trainable: boolean
}

/**
 * The parameters of a store in their current version: the one in the parameters file if that has the name, otherwise
 * the latest that runs have used.
 */
export async function currentParameters(
  store: Pick<Store, 'parameters'>,
  file?: string,
): Promise<ReadonlyMap<string, CurrentParameter>> {
  const deployed: DeployedValues = file ? await readParametersFile(file) : new Map()
  const known = await store.parameters()
  return new Map(
    known.map(({ name, version, value, description, schema, trainable }) => [
      name,
      { name, description, schema, trainable, ...(deployed.get(name) ?? { value, version }) },
    ]),
  )
}
