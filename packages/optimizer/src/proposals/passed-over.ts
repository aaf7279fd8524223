import type { ParameterSummary } from '@trace2/store'
import { raise } from '../errors.ts'
import { valueFault } from './entry-fault.ts'
import type { ParametersFile } from './parameters-file.ts'

/** An entry of a parameters file that agents ignore: it has no value, or one that does not fit the parameter. */
export interface PassedOver {
  readonly file: string
  readonly why: string
  /** Whether an accepted value can replace the entry. That is so if the entry is a single value. */
  readonly isReplaceable: boolean
}

/** The entry of a parameter, where agents pass over it. */
export function passedOverIn(
  file: string,
  { values, faulty, varied }: ParametersFile,
  summary: ParameterSummary,
): PassedOver | undefined {
  const { name } = summary
  const none = faulty.get(name)
  if (none !== undefined) return { file, why: none, isReplaceable: false }
  const entry = values.get(name)
  const why = entry && valueFault(entry, summary)
  return why === undefined ? undefined : { file, why, isReplaceable: !varied.has(name) }
}

interface Entry {
  readonly name: string
  readonly trainable: boolean
  readonly passedOver?: PassedOver
}

/**
 * Stops what would be paid for in vain: a change that could not be accepted, since an entry is in its place that nothing
 * can be written over.
 *
 * @param names of the parameters that may be changed. Default: all.
 * @throws `T2_PARAMETERS_ENTRY` with each such entry.
 */
export function requireEntries(
  current: ReadonlyMap<string, Entry>,
  names?: readonly string[],
): void {
  const faults = [...current.values()].flatMap(({ name, trainable, passedOver }) => {
    const isAsked = names ? names.includes(name) : trainable
    return isAsked && passedOver?.isReplaceable === false ? [passedOverText(name, passedOver)] : []
  })
  if (faults.length > 0) throw raise('T2_PARAMETERS_ENTRY', faults.join(' '))
}

/** In a sentence. */
export function passedOverText(name: string, { file, why }: PassedOver): string {
  return `Agents pass over the entry ${JSON.stringify(name)} of ${file}: ${why.replace(/\.$/, '')}.`
}
