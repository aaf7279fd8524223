import type { EdgeKind } from '@trace2/core'
import { groupBy } from '@trace2/core'
import type { ProposalBase } from '@trace2/store'
import { backward } from '../backward/index.ts'
import type { Pass } from '../batch/index.ts'
import { raise } from '../errors.ts'
import { fittingVariables, type Problem, type Projection, type Tokenizer } from '../prompt/index.ts'
import { baseOf, type CurrentParameter, type PassedOver } from '../proposals/index.ts'
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

/** A parameter that a step asks about, with the value from which a change starts. */
export interface ChosenVariable {
  readonly name: string
  readonly version: string
  readonly base: ProposalBase
  /** The entry in the parameters file, if agents ignore it, with the reason. */
  readonly passedOver?: PassedOver
}

export function chosenVariable(variable: CurrentParameter): ChosenVariable {
  const { name, version, passedOver } = variable
  return { name, version, base: baseOf(variable), ...(passedOver ? { passedOver } : {}) }
}

export interface AskOptions {
  /** Names of parameters that must be asked about, and no others. */
  readonly parameters?: readonly string[]
  readonly edges?: readonly EdgeKind[]
  readonly projections?: { readonly [parameter: string]: Projection }
  readonly goal: Pick<Problem, 'objective' | 'context'>
  readonly maxTokens: number
  readonly tokenizer: Tokenizer
}

/** What a step asks about, and the feedback carried back to it. */
export interface Asked {
  /** In the order of their names. */
  readonly variables: readonly CurrentParameter[]
  readonly passes: readonly Pass[]
  /** Names of parameters that feedback reaches too and that the prompt has no room for, most pointed at first. */
  readonly notAsked: readonly string[]
}

/** Chooses the parameters to change: those named, otherwise of those that feedback reaches as many as a prompt holds. */
export function askedAbout(
  passes: readonly Pass[],
  current: ReadonlyMap<string, CurrentParameter>,
  unreached: readonly UnreachedParameter[],
  options: AskOptions,
): Asked {
  const { projections = {}, edges } = options
  const reached = chooseVariables(passes, current, unreached)
  const taken = options.parameters ? reached : fittingVariables(reached, options.goal, options)
  const left = reached.filter((variable) => !taken.includes(variable))
  const variables = taken
    .toSorted((a, b) => compareText(a.name, b.name))
    .map((variable) => {
      const projection = Object.hasOwn(projections, variable.name)
        ? projections[variable.name]
        : undefined
      return projection ? { ...variable, projection } : variable
    })
  return {
    variables,
    passes: left.length === 0 ? passes : narrowed(passes, variables, edges),
    notAsked: left.map(({ name }) => name),
  }
}

/** The same feedback carried back to some of the parameters: what leads to the others is then what is given. */
function narrowed(
  passes: readonly Pass[],
  variables: readonly CurrentParameter[],
  edges: readonly EdgeKind[] | undefined,
): readonly Pass[] {
  const parameters = variables.map(({ name }) => name)
  return passes.map(({ graph, targets }) => {
    const feedback = targets.map((target) => target.feedback)
    return backward(graph, feedback, { parameters, ...(edges ? { edges } : {}) })
  })
}

/** The parameters that feedback reaches, in the value in force, those that it points at most first. */
function chooseVariables(
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
