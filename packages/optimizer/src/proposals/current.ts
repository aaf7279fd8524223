import { groupBy, parameterKind, parameterVersion } from '@trace2/core'
import type { Deployment, ParameterSummary, ProposalBase, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import type { Variable } from '../prompt/index.ts'
import { type Arm, openParametersFile } from './parameters-file.ts'
import { type PassedOver, passedOverIn } from './passed-over.ts'
import { sameFileAs } from './same-file.ts'

/** A parameter with the value that is in force, and whether a change may be proposed. */
export interface CurrentParameter extends Variable {
  readonly trainable: boolean
  /** Where the value in force was found. Absent if the program itself holds the value. */
  readonly base?: Base
  /** The entry of the parameters file that agents ignore, if there is one. */
  readonly passedOver?: PassedOver
}

/** A {@link ProposalBase} with the values of its arms. */
export interface Base extends ProposalBase {
  /** The heaviest first. */
  readonly arms: readonly Arm[]
}

/**
 * Returns the parameters of a store with the value that is in force, by name. The value is the first of these:
 *
 * 1. the value in the parameters file;
 * 2. the value that was accepted last, unless it was written to this file and is no longer in it;
 * 3. the version that most of the 20 latest runs used. Versions that were rolled back do not count.
 *
 * If several values (arms) are in force, a change starts from the one with the largest share, unless `bases` chooses another.
 *
 * @param bases Versions of arms, or `name=version`, or `name=2` for the arm with the second largest share. A version may be
 * shortened to its first digits.
 * @throws `T2_PARAMETERS_FILE` if the file cannot be read; `T2_BASE_UNKNOWN` if no arm has the version asked for.
 */
export async function currentParameters(
  store: Pick<Store, 'parameters' | 'deployments' | 'parameterHistory'>,
  file?: string,
  bases: readonly string[] = [],
): Promise<ReadonlyMap<string, CurrentParameter>> {
  const given = file === undefined ? undefined : await openParametersFile(file)
  const deployments = groupBy(await store.deployments(), ({ parameter }) => parameter)
  const accepted = await acceptedValues(store, deployments, file)
  const current = new Map<string, CurrentParameter>()
  for (const summary of await store.parameters()) {
    const { name, description, schema, trainable, valueKind: declared } = summary
    const entry = given?.values.get(name)
    const passedOver = file && given ? passedOverIn(file, given, summary) : undefined
    const base: Base =
      entry && !passedOver
        ? { source: 'file', arms: entry.arms, runs: 0 }
        : (accepted.get(name) ?? (await inUse(store, summary, deployments.get(name) ?? [])))
    const { version, value } = base.arms[0] ?? summary
    const valueKind = parameterKind(value, schema, declared)
    const about = { name, description, schema, trainable }
    const parameter = { ...about, version, value, valueKind, base }
    current.set(name, passedOver ? { ...parameter, passedOver } : parameter)
  }
  for (const wanted of bases) chooseBase(current, wanted)
  return current
}

/** What was accepted last for each parameter, where the store still holds it whole. */
async function acceptedValues(
  store: Pick<Store, 'parameterHistory'>,
  byName: ReadonlyMap<string, readonly Deployment[]>,
  file: string | undefined,
): Promise<ReadonlyMap<string, Base>> {
  const found = new Map<string, Base>()
  const isGiven = file === undefined ? async () => false : sameFileAs(file)
  for (const [name, deployments] of byName) {
    const last: Deployment | undefined = deployments.at(-1)
    if (!last || last.version === null) continue
    if (await isGiven(last.target)) continue
    const history = await store.parameterHistory(name)
    const value = history.find(({ version }) => version === last.version)?.value
    if (value === undefined || parameterVersion(value) !== last.version) continue
    const arm = { value, version: last.version, share: 1 }
    found.set(name, { source: 'deployment', arms: [arm], runs: 0 })
  }
  return found
}

/**
 * What recent runs had, without what was rolled back to the value in the code since. Where they had nothing else, that
 * value is the latest that other runs had, unless runs began after the rollback: they tell what is in the code now.
 */
async function inUse(
  store: Pick<Store, 'parameterHistory'>,
  summary: ParameterSummary,
  deployments: readonly Deployment[],
): Promise<Base> {
  const traffic = inTraffic(summary)
  const last = deployments.at(-1)
  if (last?.action !== 'rollback' || last.version !== null) return traffic
  const back = takenBack(deployments)
  const arms = traffic.arms.filter(({ version }) => !back.has(version))
  if (arms.length > 0) return { ...traffic, arms }
  if (summary.lastUsedAt !== null && summary.lastUsedAt > last.createdAt) return traffic
  const history = await store.parameterHistory(summary.name)
  const before = history.findLast(({ version, runs }) => runs > 0 && !back.has(version))
  if (!before) return traffic
  const { version, value } = before
  return { source: 'traffic', arms: [{ version, value, share: 1 }], runs: 0 }
}

/** Versions that were accepted and rolled back, and not accepted again. */
function takenBack(deployments: readonly Deployment[]): ReadonlySet<string> {
  const versions = new Set<string>()
  for (const { action, version, previousVersion } of deployments) {
    if (version !== null) versions.delete(version)
    if (action === 'rollback' && previousVersion !== null) versions.add(previousVersion)
  }
  return versions
}

function inTraffic({ recent = [], version, value }: ParameterSummary): Base {
  const runs = recent.reduce((sum, { runs }) => sum + runs, 0)
  const arms = recent.map((each): Arm => {
    return { value: each.value, version: each.version, share: each.runs / runs }
  })
  const declared: Arm = { value, version, share: 1 }
  return { source: 'traffic', arms: arms.length > 0 ? arms : [declared], runs }
}

/** Makes an arm the base of its parameter; a version of several parameters counts for each of them. */
function chooseBase(current: Map<string, CurrentParameter>, wanted: string): void {
  const [, named, which = ''] = /^(?:(.*)=)?(.*)$/s.exec(wanted) ?? []
  let found = false
  for (const [name, parameter] of current) {
    const arms = parameter.base?.arms ?? []
    if (named !== undefined && named !== name) continue
    const byPlace =
      named !== undefined && /^\d{1,3}$/.test(which) ? arms[Number(which) - 1] : undefined
    const alike = which === '' ? [] : arms.filter(({ version }) => version.startsWith(which))
    const arm = byPlace ?? (alike.length === 1 ? alike[0] : undefined)
    if (!arm) continue
    found = true
    current.set(name, { ...parameter, value: arm.value, version: arm.version })
  }
  if (found) return
  const choices = [...current.values()]
    .filter(
      ({ name, base }) => name === named || (named === undefined && (base?.arms.length ?? 0) > 1),
    )
    .map(({ name, base }) => `${name}: ${base?.arms.map(({ version }) => version).join(', ')}`)
  throw raise(
    'T2_BASE_UNKNOWN',
    `No value in force is of version ${which}. ${choices.length > 0 ? `There are ${choices.join('; ')}.` : ''}`.trim(),
  )
}

/** What a proposal's row keeps of where its base was found. */
export function baseOf({ base }: CurrentParameter): ProposalBase {
  if (!base) return { source: 'program', arms: [], runs: 0 }
  const { source, arms, runs } = base
  return { source, runs, arms: arms.map(({ version, share }) => ({ version, share })) }
}

/** Whether a value is one of those in force. */
export function isInForce({ base, version: own }: CurrentParameter, version: string): boolean {
  return own === version || (base?.arms.some((arm) => arm.version === version) ?? false)
}
