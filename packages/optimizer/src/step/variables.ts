import type { Pass } from '../batch/index.ts'
import { raise } from '../errors.ts'
import { groupBy } from '../group-by.ts'
import type { CurrentParameter } from '../proposals/index.ts'
import type { UnreachedParameter } from './unreached.ts'

/** A name that no run knows is a slip of the pen, and nothing would come of it. */
export function requireKnown(
  names: readonly string[],
  current: ReadonlyMap<string, CurrentParameter>,
): void {
  const unknown = names.filter((name) => !current.has(name))
  if (unknown.length === 0) return
  const known = [...current.values()].filter(({ trainable }) => trainable).map(({ name }) => name)
  throw raise(
    'T2_NO_TRAINABLE_PARAMETER',
    `No run has used a parameter ${unknown.join(', ')}. Trainable are: ${known.sort().join(', ') || 'none'}.`,
  )
}

/** The parameters to change: those that feedback reaches, in their present version. */
export function chooseVariables(
  passes: readonly Pass[],
  current: ReadonlyMap<string, CurrentParameter>,
  unreached: readonly UnreachedParameter[],
): readonly CurrentParameter[] {
  const names = new Set(
    passes.flatMap(({ reached }) => reached.map(({ parameter }) => parameter.name)),
  )
  const variables = [...names].sort().flatMap((name) => current.get(name) ?? [])
  if (variables.length > 0) return variables
  const why = Array.from(
    groupBy(unreached, ({ detail }) => detail),
    ([detail, alike]) => `${listed(alike.map(({ name }) => name))}: ${detail}`,
  ).join(' ')
  throw unreached.length === 0
    ? raise('T2_NO_TRAINABLE_PARAMETER', 'None of the runs used a trainable parameter.')
    : raise('T2_FEEDBACK_UNREACHED', `No feedback reaches a trainable parameter. ${why}`)
}

/** How many names a sentence lists before it only counts. */
const listedNames = 5

function listed(names: readonly string[]): string {
  const more = names.length - listedNames
  return names.slice(0, listedNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
