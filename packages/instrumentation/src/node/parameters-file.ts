import { readFileSync } from 'node:fs'
import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { setParameterValues } from '../parameter/snapshot.ts'

/** Values by parameter name, as a parameters file gives them. */
export type ParameterValues = ReadonlyMap<string, unknown>

/**
 * Reads a parameters file and makes its values those of the parameters. A file that is not there gives none; one
 * that cannot be read or understood is reported through `diag`, and what was used before stays in use.
 */
export function loadParametersFile(path: string): void {
  const values = readParametersFile(path)
  if (values) setParameterValues(values)
}

function readParametersFile(path: string): ParameterValues | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    return report(`${path} cannot be read: ${String(error)}`)
  }
  try {
    return parseParameters(JSON.parse(text)) ?? report(`${path} is not a parameters file.`)
  } catch (error) {
    return report(`${path} is not JSON: ${String(error)}`)
  }
}

/** The values of a parsed parameters file; `undefined` where it is none. */
export function parseParameters(file: unknown): ParameterValues | undefined {
  if (typeof file !== 'object' || file === null) return undefined
  if (!('trace2' in file) || file.trace2 !== 1 || !('parameters' in file)) return undefined
  const { parameters } = file
  if (typeof parameters !== 'object' || parameters === null) return undefined
  const values = new Map<string, unknown>()
  for (const [name, entry] of Object.entries(parameters)) {
    if (typeof entry !== 'object' || entry === null || !('value' in entry)) return undefined
    values.set(name, entry.value)
  }
  return values
}

function report(what: string): undefined {
  const { code, message, remedy } = raise('T2_PARAMETERS_FILE', what)
  diag.error(`${code}: ${message} ${remedy}`)
}
