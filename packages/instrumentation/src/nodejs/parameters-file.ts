import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs'
import type { ParametersDocument } from '@trace2/core'
import { longestDocument, readDocument } from '@trace2/core'
import { raise } from '../errors.ts'
import { takeDocument } from '../parameter/snapshot.ts'
import { report } from '../report.ts'

/**
 * Reads a parameters file and gives its values to the parameters. A missing file gives no values. A file that cannot be
 * read or understood is reported, and the earlier values stay in use.
 */
export function loadParametersFile(path: string): void {
  const document = readParametersFile(path)
  if (document) takeDocument(document)
}

const watchIntervalMs = 1_000

/**
 * Reads a parameters file as {@link loadParametersFile} does, and again whenever the file changes, appears or is
 * removed. It looks once a second, because a watch on the file itself ends when the file is replaced. It does not keep
 * the process alive.
 *
 * @returns A function that ends the watch.
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
