import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs'
import type { ParametersDocument } from '@trace2/core'
import { longestDocument, readDocument } from '@trace2/core'
import { raise } from '../errors.ts'
import { takeDocument } from '../parameter/snapshot.ts'
import { report } from '../report.ts'

/**
 * Reads a parameters file and makes its values those of the parameters. A file that is not there gives none; one
 * that cannot be read or understood is reported, and what was used before stays in use.
 */
export function loadParametersFile(path: string): void {
  const document = readParametersFile(path)
  if (document) takeDocument(document)
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

function readParametersFile(path: string): ParametersDocument | undefined {
  try {
    const { size } = statSync(path)
    if (size > longestDocument) throw new Error(`it is longer than ${longestDocument} bytes`)
    return readDocument(readFileSync(path))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { values: new Map(), faulty: [] }
    }
    const why = error instanceof Error ? error.message : String(error)
    report('error', raise('T2_PARAMETERS_FILE', `${path} cannot be used: ${why}.`))
    return undefined
  }
}
