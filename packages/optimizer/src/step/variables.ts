import type { Pass } from '../batch/index.ts'
import { raise } from '../errors.ts'
import { groupBy } from '../group-by.ts'
import type { CurrentParameter } from '../proposals/index.ts'
import { compareText } from '../text/order.ts'
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

/** The parameters to change: those that feedback reaches, in the value in force, those that it points at most first. */
export function chooseVariables(
  passes: readonly Pass[],
  current: ReadonlyMap<string, CurrentParameter>,
  unreached: readonly UnreachedParameter[],
): readonly CurrentParameter[] {
  const variables = byCredit(passes).flatMap((name) => current.get(name) ?? [])
  if (variables.length > 0) return variables
  const why = Array.from(
    groupBy(unreached, ({ detail }) => detail),
    ([detail, alike]) => `${listed(alike.map(({ name }) => name))}: ${detail}`,
  ).join(' ')
  throw unreached.length === 0
    ? raise('T2_NO_TRAINABLE_PARAMETER', 'None of the runs used a trainable parameter.')
    : raise('T2_FEEDBACK_UNREACHED', `No feedback reaches a trainable parameter. ${why}`)
}

/**
 * Names of the parameters that feedback reaches: those that most pieces reach first. Of as many, those that more of it
 * would fall to if each piece were divided among all that it reaches; of equal ones, in the order of their names.
 */
function byCredit(passes: readonly Pass[]): readonly string[] {
  const credit = new Map<string, { pieces: number; share: number }>()
  for (const { reached } of passes) {
    const of = groupBy(reached, ({ parameter }) => parameter.name)
    const arrivals = Array.from(of, ([name, versions]) => ({
      name,
      pieces: new Set(versions.flatMap(({ feedback }) => feedback.map(({ id }) => id))),
    }))
    const reaches = new Map<string, number>()
    for (const { pieces } of arrivals) {
      for (const id of pieces) reaches.set(id, (reaches.get(id) ?? 0) + 1)
    }
    for (const { name, pieces } of arrivals) {
      const known = credit.get(name) ?? { pieces: 0, share: 0 }
      known.pieces += pieces.size
      for (const id of pieces) known.share += 1 / (reaches.get(id) ?? 1)
      credit.set(name, known)
    }
  }
  return [...credit]
    .sort(
      ([a, left], [b, right]) =>
        right.pieces - left.pieces || right.share - left.share || compareText(a, b),
    )
    .map(([name]) => name)
}

/** How many names a sentence lists before it only counts. */
const listedNames = 5

function listed(names: readonly string[]): string {
  const more = names.length - listedNames
  return names.slice(0, listedNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
