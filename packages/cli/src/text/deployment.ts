import type { Deployment } from '@trace2/collector/store'
import { type Paint, printable } from '@trace2/optimizer/render'
import { shortVersion } from './values.ts'

/** One parameter that changed: from which version to which. Printable. */
export function deploymentText(
  { parameter, previousVersion, version }: Deployment,
  paint: Paint,
): string {
  const name = (of: string | null) => (of === null ? 'the value in the code' : shortVersion(of))
  const change = `${name(previousVersion)} → ${name(version)}`
  return `${paint('parameter', `◆ ${printable(parameter)}`)}  ${printable(change)}`
}
