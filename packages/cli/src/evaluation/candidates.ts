import { type Json, parameterVersion } from '@trace2/core'
import type { CurrentParameter } from '@trace2/optimizer'
import type { Candidate, Proposal, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { readJsonFile, readTextFile } from '../options/json-file.ts'
import { findProposal } from '../options/last.ts'
import { shortVersion } from '../text/values.ts'

/** The candidates that a command names, what is in force for the parameters that they change, and the proposals among them. */
export interface NamedCandidates {
  readonly base: Candidate
  readonly candidates: readonly Candidate[]
  readonly proposals: readonly Proposal[]
  /** What to know of proposals that `trace2 accept` would refuse, a sentence each. */
  readonly doubts: readonly string[]
}

/**
 * Candidates of ids of proposals, of values (`NAME=VALUE`, `NAME=@FILE`; `@FILE` for those of a parameters file), or of nothing: then of the open proposals of the
 * latest step, together, as `trace2 accept --all` would put them in force.
 *
 * @param together makes one candidate of all that is named.
 */
export async function namedCandidates(
  store: Store,
  targets: readonly string[],
  file: string,
  together: boolean,
): Promise<NamedCandidates> {
  const { baseCandidate, candidateOf, candidateOfProposals } = await import('@trace2/evaluation')
  const { isSchema, schemaFault } = await import('@trace2/evaluation/values')
  const { currentParameters } = await import('@trace2/optimizer')
  const current = await currentParameters(store, file)
  const named = await readTargets(store, targets, current)
  const proposals = named.flatMap((target) => (target.kind === 'proposal' ? [target.proposal] : []))
  const given = named.flatMap((target) => (target.kind === 'value' ? [target] : []))
  for (const { name, value } of given) {
    const known = current.get(name)
    // A store without any has runs of an agent that tells nothing of its parameters, or no runs.
    if (current.size > 0 && !known) throw unknownParameter(name, [...current.keys()])
    // The agent would refuse it in each trial.
    const fault = known && isSchema(known.schema) ? schemaFault(known.schema, value) : undefined
    if (fault !== undefined) throw raise('T2_USAGE', `${name} does not take that value: ${fault}.`)
  }
  if (named.length === 0) {
    throw raise('T2_USAGE', 'There is nothing to try: every value is in force already.')
  }
  const asOne = together || targets.length === 0
  const candidates = asOne
    ? [oneOf(proposals, valuesByName(given), candidateOfProposals, candidateOf)]
    : named.map((target) =>
        target.kind === 'proposal'
          ? candidateOfProposals([target.proposal])
          : candidateOf(`${target.name}@${parameterVersion(target.value).slice(0, 8)}`, {
              [target.name]: target.value,
            }),
      )
  const changed = [...new Set(candidates.flatMap(({ values: of }) => Object.keys(of)))]
  const inForce = new Map<string, Json>()
  for (const [name, { base, value }] of current) {
    // What only traffic shows is what the program has by itself.
    if (base?.source === 'file' || base?.source === 'deployment') inForce.set(name, value)
  }
  for (const name of changed) {
    // A proposal for a parameter that no run has used yet knows its base itself.
    const known = current.get(name)?.value
    const proposed = proposals.find(({ parameter }) => parameter === name)?.baseValue
    const before = known ?? proposed
    // Of what nothing tells, the base has what is in the program.
    if (before !== undefined) inForce.set(name, before)
  }
  const base = baseCandidate(Object.fromEntries(inForce))
  return { base, candidates, proposals, doubts: doubtsOf(proposals, current) }
}

function doubtsOf(
  proposals: readonly Proposal[],
  current: ReadonlyMap<string, CurrentParameter>,
): readonly string[] {
  return proposals.flatMap(({ id, parameter, baseVersion, status }) => {
    if (status !== 'open') return [`${id} was ${status} already.`]
    const now = current.get(parameter)
    const isKept = now?.base?.arms.some(({ version }) => version === baseVersion) ?? true
    if (isKept || now === undefined) return []
    return [
      `${id} was made for ${shortVersion(baseVersion)} of ${parameter}, but ${shortVersion(now.version)} is in force: it is compared with that, and cannot be accepted. \`trace2 optimize\` proposes for what is in force.`,
    ]
  })
}

function oneOf(
  proposals: readonly Proposal[],
  values: { readonly [name: string]: Json },
  candidateOfProposals: (proposals: readonly Proposal[]) => Candidate,
  candidateOf: (
    name: string,
    values: { readonly [name: string]: Json },
    proposals?: readonly string[],
  ) => Candidate,
): Candidate {
  const proposed = candidateOfProposals(proposals)
  const all = Object.fromEntries(
    Object.entries(proposed.values).map(([name, { value }]) => [name, value]),
  )
  const names = [...proposals.map(({ id }) => id), ...Object.keys(values)]
  return candidateOf(names.join('+'), { ...all, ...values }, proposed.proposals)
}

/** @throws T2_USAGE where a parameter is given two values: one candidate has one of each. */
function valuesByName(
  given: readonly { readonly name: string; readonly value: Json }[],
): Readonly<Record<string, Json>> {
  const twice = given.find(({ name }, index) => given.findIndex((of) => of.name === name) < index)
  if (twice) {
    const { name } = twice
    throw raise('T2_USAGE', `${name} is given two values: one candidate has one value of each.`)
  }
  return Object.fromEntries(given.map(({ name, value }) => [name, value]))
}

type Target =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'value'; readonly name: string; readonly value: Json }

async function readTargets(
  store: Store,
  targets: readonly string[],
  current: ReadonlyMap<string, { readonly value: Json }>,
): Promise<readonly Target[]> {
  if (targets.length === 0) {
    const open = await store.proposals({ status: 'open' })
    const latest = open.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0]
    if (!latest) throw raise('T2_NO_OPEN_PROPOSAL', 'There is no open proposal to try.')
    return open
      .filter(({ step }) => step === latest.step)
      .map((proposal) => ({ kind: 'proposal', proposal }))
  }
  const read: Target[] = []
  for (const target of targets) {
    const [, name, text] = /^([\w./-]+)=(.*)$/s.exec(target) ?? []
    if (name !== undefined && text !== undefined) {
      read.push({ kind: 'value', name, value: await readValue(text) })
    } else if (target.startsWith('@')) {
      read.push(...(await changesIn(target.slice(1), current)))
    } else {
      read.push({ kind: 'proposal', proposal: await findProposal(store, target) })
    }
  }
  return read
}

/**
 * The values of a parameters file that are not in force.
 *
 * @throws T2_FILE for a file that is none; T2_CANDIDATE where it changes nothing.
 */
async function changesIn(
  file: string,
  current: ReadonlyMap<string, { readonly value: Json }>,
): Promise<readonly Target[]> {
  const { parseParameters } = await import('@trace2/instrumentation')
  const values = parseParameters(await readJsonFile(file))
  if (!values) throw raise('T2_FILE', `${file} is no parameters file.`)
  return [...values].flatMap(([name, choices]): Target[] => {
    // Variants are chosen from run by run: none of them is the value.
    const [only, ...others] = choices
    if (!only || others.length > 0) return []
    const value: Json = JSON.parse(JSON.stringify(only.value))
    const known = current.get(name)?.value
    const isSame = known !== undefined && parameterVersion(known) === parameterVersion(value)
    return isSame ? [] : [{ kind: 'value', name, value }]
  })
}

/** JSON where it is some; else the text as it is. `@FILE` is what a file holds. */
async function readValue(text: string): Promise<Json> {
  if (text.startsWith('@')) return readTextFile(text.slice(1))
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function unknownParameter(name: string, known: readonly string[]) {
  const others = known.length === 0 ? 'The store has none.' : `There are ${known.join(', ')}.`
  return raise('T2_PARAMETER_NAMED', `No run has used a parameter named ${name}. ${others}`)
}
