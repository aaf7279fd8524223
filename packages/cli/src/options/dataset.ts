import { raise } from '../errors.ts'
import type { RunOptions } from './runs.ts'

/** The options of `trace2 dataset`. */
export interface DatasetOptions extends RunOptions {
  readonly fromRuns?: true
  readonly file?: string
  readonly add?: string | true
  readonly remove?: readonly string[]
  readonly export?: string
  readonly show?: true
  readonly runs?: readonly string[]
  readonly parameter?: string
  readonly sample?: number
  readonly sampling?: 'uniform' | 'failures'
  readonly seed?: number
  readonly referenceFrom?: 'corrections' | 'good-runs' | 'none'
  readonly correction?: readonly string[]
  readonly references?: string
  readonly goodFrom?: number
  readonly shares?: string
  /** `false` for `--no-similar`. */
  readonly similar: boolean
  readonly escapeFormulas?: true
  readonly json?: true
}

export type DatasetAction = 'runs' | 'file' | 'remove' | 'export' | 'show'

const runOptions = [
  'since',
  'where',
  'limit',
  'runs',
  'parameter',
  'sample',
  'sampling',
  'seed',
  'referenceFrom',
  'correction',
  'goodFrom',
  'references',
] as const

/**
 * What the options ask for; `show` where they ask for nothing.
 *
 * @throws {Trace2Error} `T2_USAGE` where they ask for several things, or for something that has nothing to do with it.
 */
export function chosenAction(name: string, options: DatasetOptions): DatasetAction {
  const path = typeof options.add === 'string' ? options.add : options.file
  const asked = [
    ...(options.fromRuns ? (['runs'] as const) : []),
    ...(path === undefined ? [] : (['file'] as const)),
    ...(options.remove ? (['remove'] as const) : []),
    ...(options.export === undefined ? [] : (['export'] as const)),
    ...(options.show ? (['show'] as const) : []),
  ]
  const [action = 'show', second] = asked
  if (second) throw raise('T2_USAGE', `Ask for one thing: ${flags(asked)}.`)
  if (typeof options.add === 'string' && options.file !== undefined) {
    throw raise('T2_USAGE', 'Name one file, with --add or with --file.')
  }
  if (options.add === true && action !== 'runs' && action !== 'file') {
    throw raise('T2_USAGE', '--add needs a file, or --from-runs.')
  }
  const foreign = runOptions.find((option) => options[option] !== undefined)
  if (foreign && action !== 'runs') {
    throw raise('T2_USAGE', `--${kebab(foreign)} goes with --from-runs.`)
  }
  if (options.sample === undefined && (options.sampling ?? options.seed) !== undefined) {
    throw raise('T2_USAGE', '--sampling and --seed go with --sample.')
  }
  const makes = action === 'runs' || action === 'file'
  if (!makes && (options.shares !== undefined || !options.similar)) {
    throw raise('T2_USAGE', '--shares and --no-similar go with --from-runs and --file.')
  }
  if (options.escapeFormulas && action !== 'export') {
    throw raise('T2_USAGE', '--escape-formulas goes with --export.')
  }
  if (name.includes('@') && action !== 'show' && action !== 'export') {
    throw raise('T2_USAGE', 'A version is never changed: name the dataset without one.')
  }
  return action
}

/** A dataset and, after `@`, the number of a version. */
export function namedVersion(name: string): {
  readonly name: string
  readonly version?: number
} {
  const at = name.lastIndexOf('@')
  if (at < 0) return { name }
  const version = name.slice(at + 1)
  if (!/^[1-9]\d{0,8}$/.test(version)) {
    throw raise('T2_USAGE', `${JSON.stringify(version)} is no number of a version.`)
  }
  return { name: name.slice(0, at), version: Number(version) }
}

function flags(actions: readonly DatasetAction[]): string {
  const names: Readonly<Record<DatasetAction, string>> = {
    runs: '--from-runs',
    file: '--file or --add',
    remove: '--remove',
    export: '--export',
    show: '--show',
  }
  return actions.map((action) => names[action]).join(', ')
}

function kebab(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
