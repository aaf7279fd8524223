import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { type ParameterValues, parseParameters } from '../parameter/choices.ts'
import { setParameterValues } from '../parameter/snapshot.ts'

/**
 * Reads a parameters file and makes its values those of the parameters. A file that is not there gives none; one
 * that cannot be read or understood is reported through `diag`, and what was used before stays in use.
 */
export function loadParametersFile(path: string): void {
  const values = readParametersFile(path)
  if (values) setParameterValues(values)
}

const watchIntervalMs = 1_000

/**
 * As {@link loadParametersFile}, and again whenever the file changes, appears or goes. Looks once a second: a watch on
 * the file itself would lose it when it is replaced. Returns what ends the watch; does not keep the process alive.
 */
export function watchParametersFile(path: string): () => void {
  loadParametersFile(path)
  const onChange = () => loadParametersFile(path)
  watchFile(path, { interval: watchIntervalMs, persistent: false }, onChange)
  return () => unwatchFile(path, onChange)
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

function report(what: string): undefined {
  const { code, message, remedy } = raise('T2_PARAMETERS_FILE', what)
  diag.error(`${code}: ${message} ${remedy}`)
}
