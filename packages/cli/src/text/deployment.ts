import { printable } from '@trace2/core'
import { type Paint, wrapped } from '@trace2/render'
import type { Deployment } from '@trace2/store'
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

/** When agents use what the parameters file holds now. */
export function takenUp({
  paint,
  columns,
}: {
  readonly paint: Paint
  readonly columns: number
}): string {
  const text =
    'Running agents that read this file (`start` watches it) use it within a second, from their next run on. Agents that poll a collector use it within their interval, 10 seconds unless they say otherwise; all others from their next start on.'
  return wrapped(text, columns)
    .map((line) => paint('faint', line))
    .join('\n')
}
