import { type Json, parameterVersion, valueHash } from '@trace2/core'
import type { Candidate, Proposal } from '@trace2/store'
import { raise } from '../errors.ts'

/** Id of the candidate that the others are compared with. */
export const baseId = 'base'

/**
 * Makes the candidate of the values in force. All other candidates have these values too, except those that they
 * change.
 */
export function baseCandidate(values: { readonly [parameter: string]: Json }): Candidate {
  return { id: baseId, name: baseId, values: versioned(values), proposals: [] }
}

/** Makes a candidate with these values. All other parameters have the values of the base. */
export function candidateOf(
  name: string,
  values: { readonly [parameter: string]: Json },
  proposals: readonly string[] = [],
): Candidate {
  const id = valueHash(values).slice(0, 16)
  return { id, name, values: versioned(values), proposals }
}

function versioned(values: { readonly [parameter: string]: Json }): Candidate['values'] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { value, version: parameterVersion(value) },
    ]),
  )
}

/**
 * Makes one candidate of several proposals.
 *
 * @throws `T2_CANDIDATE` if two of them change the same parameter.
 */
export function candidateOfProposals(proposals: readonly Proposal[]): Candidate {
  const values: Record<string, Json> = {}
  for (const { id, parameter, value } of proposals) {
    if (Object.hasOwn(values, parameter)) {
      throw raise('T2_CANDIDATE', `Two of the proposals change ${parameter}; ${id} is one of them.`)
    }
    values[parameter] = value
  }
  const ids = proposals.map(({ id }) => id)
  return candidateOf(ids.join('+'), values, ids)
}

/** All values of a side: those in force, and over them those of the candidate. */
export function valuesOfSide(
  base: Candidate | undefined,
  candidate: Candidate,
): Candidate['values'] {
  return { ...base?.values, ...candidate.values }
}

/** Names of the parameters in which any candidate differs from the first, in order. */
export function changedParameters(candidates: readonly Candidate[]): readonly string[] {
  const [base, ...others] = candidates
  const names = new Set(others.flatMap(({ values }) => Object.keys(values)))
  return [...names]
    .filter((name) =>
      others.some(({ values }) => {
        const own = values[name]
        return own !== undefined && own.version !== base?.values[name]?.version
      }),
    )
    .sort()
}
