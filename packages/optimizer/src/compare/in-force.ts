import type { Store } from '@trace2/store'
import { currentParameters } from '../proposals/index.ts'

/** The versions of a parameter that runs get now: all variants of the parameters file, otherwise the one in force. */
export async function inForce(
  store: Pick<Store, 'parameters' | 'deployments' | 'parameterHistory'>,
  parameter: string,
  file: string | undefined,
): Promise<ReadonlySet<string>> {
  const current = (await currentParameters(store, file)).get(parameter)
  if (!current) return new Set()
  const { version, base } = current
  return new Set(base?.source === 'file' ? base.arms.map((arm) => arm.version) : [version])
}
