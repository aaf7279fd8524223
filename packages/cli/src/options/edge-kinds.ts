import type { EdgeKind } from '@trace2/instrumentation/semconv'
import { InvalidArgumentError } from 'commander'

const kinds: Readonly<Record<EdgeKind, true>> = {
  exact: true,
  identity: true,
  template: true,
  value: true,
  hash: true,
  text: true,
  contains: true,
  link: true,
}

function isEdgeKind(text: string): text is EdgeKind {
  return Object.hasOwn(kinds, text)
}

/** Kinds of edges, separated by commas. */
export function edgeKindsArgument(text: string): readonly EdgeKind[] {
  return text.split(',').map((kind) => {
    const name = kind.trim()
    if (!isEdgeKind(name)) {
      throw new InvalidArgumentError(`The kinds are ${Object.keys(kinds).join(', ')}.`)
    }
    return name
  })
}
