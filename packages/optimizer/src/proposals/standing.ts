import type { Deployment, Store } from '@trace2/store'
import { sameFileAs } from './same-file.ts'

/** Acceptances for a parameter in a file that were not taken back, the latest last. */
export async function standing(
  deployments: readonly Deployment[],
  file: string,
): Promise<readonly Deployment[]> {
  const isSame = sameFileAs(file)
  const accepted: Deployment[] = []
  for (const deployment of deployments) {
    if (!(await isSame(deployment.target))) continue
    if (deployment.action === 'accept') accepted.push(deployment)
    else accepted.pop()
  }
  return accepted
}

/** Files in which an accepted change of a parameter is in force. */
export async function filesWith(
  store: Pick<Store, 'deployments'>,
  name: string,
): Promise<readonly string[]> {
  const deployments = await store.deployments(name)
  const files: string[] = []
  for (const target of new Set(deployments.map((one) => one.target))) {
    if ((await standing(deployments, target)).length > 0) files.push(target)
  }
  return files
}
