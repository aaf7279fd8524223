import { parameterLabel } from '@trace2/core'
import type { Variable } from '../prompt/index.ts'

/** Variables by the names that answers have for them. */
export interface VariableNames {
  /** By the name that the prompt has. */
  exactly(name: string): Variable | undefined
  /**
   * Also by a name in another case, with other separators or without its prefix, as models write them; `undefined`
   * where that could mean several.
   */
  find(name: string): Variable | undefined
}

export function variableNames(variables: readonly Variable[]): VariableNames {
  const labelled = new Map(variables.map((variable) => [parameterLabel(variable.name), variable]))
  const whole = new Map<string, Set<Variable>>()
  const parts = new Map<string, Set<Variable>>()
  const add = (to: Map<string, Set<Variable>>, letters: string, variable: Variable) =>
    to.set(letters, (to.get(letters) ?? new Set()).add(variable))
  for (const [label, variable] of labelled) {
    add(whole, lettersOf(label), variable)
    for (const part of partsOf(label)) add(parts, lettersOf(part), variable)
  }
  const only = (among: Map<string, Set<Variable>>, name: string) => {
    const [first, ...others] = among.get(lettersOf(name)) ?? []
    return others.length === 0 ? first : undefined
  }
  return {
    exactly: (name) => labelled.get(name),
    find: (name) => labelled.get(name) ?? only(whole, name) ?? only(parts, name),
  }
}

/** What is left of a name without what stands before a separator, or without the ending of code parameters. */
function partsOf(label: string): readonly string[] {
  const separators = [...label.matchAll(/[./]/g)].map(({ index }) => label.slice(index + 1))
  return label.endsWith('.code') ? [label.slice(0, -'.code'.length)] : separators
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}
