import { type EdgeKind, edgeKinds } from '@trace2/core'
import { InvalidArgumentError } from 'commander'

/** Kinds of edges, separated by commas. */
export function edgeKindsArgument(text: string): readonly EdgeKind[] {
  return text.split(',').map((name) => {
    const kind = edgeKinds.find((known) => known === name.trim())
    if (!kind) throw new InvalidArgumentError(`The kinds are ${edgeKinds.join(', ')}.`)
    return kind
  })
}
