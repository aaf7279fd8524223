import { aliasOf, type NamedThing, parameterLabel, printable } from '@trace2/core'
import { excerpt, type Fence } from '@trace2/evaluation/prompt'
import type { Piece } from './assemble.ts'
import type { Problem } from './problem.ts'
import { band, rankOf } from './rank.ts'

/** Longest form of a name, in characters; it is rather a text. */
const longestName = 300

/** A name that a prompt cannot show as it is. */
interface Renamed {
  readonly alias: string
  readonly name: string
}

/** The names of a problem that stand in its prompt under an alias, each once. */
export function renamedIn({ variables, batch, attempts = [] }: Problem): readonly Renamed[] {
  const found = new Map<string, string>()
  const add = (of: NamedThing, name: string) => {
    const alias = of === 'parameter' ? parameterLabel(name) : aliasOf(name, of)
    if (alias !== undefined && alias !== name) found.set(alias, name)
  }
  for (const { name } of variables) add('parameter', name)
  for (const { values } of attempts) for (const name of values.keys()) add('parameter', name)
  for (const { shape, runs } of batch.groups) {
    for (const { node, onPath } of shape.nodes) {
      if (node.kind === 'parameter') add('parameter', node.name)
      else if (node.kind !== 'input' && onPath) {
        add('operator', node.op)
        for (const role of Object.keys(node.templates)) add('input', role)
      }
    }
    for (const { role, pointer } of shape.edges) {
      add('input', role)
      if (pointer !== '') add('place', pointer)
    }
    for (const { feedback } of runs.flatMap((run) => run.feedback)) add('feedback', feedback.name)
  }
  return Array.from(found, ([alias, name]) => ({ alias, name }))
}

/** What each alias stands for, as data. */
export function aliasPieces(problem: Problem, fence: Fence): Piece[] {
  return renamedIn(problem).map((renamed, order) => ({
    section: 'Documentation',
    place: [-1, order],
    steps: [{ rank: rankOf(band.run, order + 1, 1), text: () => aliasElement(renamed, fence) }],
  }))
}

/** A name under the alias that stands for it. */
export function aliasElement({ alias, name }: Renamed, fence: Fence): string {
  const shown = printable(name.slice(0, longestName * 4))
  return fence.element('name', { alias }, excerpt(shown, longestName, new Map()))
}
