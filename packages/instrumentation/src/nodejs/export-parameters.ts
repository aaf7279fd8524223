import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import type { Parameter } from '../parameter/parameter.ts'

/**
 * Writes the current values of parameters to a parameters file. The file is replaced in one step, so that no reader
 * sees half of it. The promise resolves when the file is written. If the file system refuses, nothing is left behind.
 *
 * @example await exportParameters(agent.parameters(), 'trace2.parameters.json')
 */
export async function exportParameters(
  parameters: readonly Parameter<unknown>[],
  path: string,
): Promise<void> {
  const sorted = parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const entries = sorted.map(({ name, value, version }) => [name, { value, version }])
  const document = { trace2: 1, parameters: Object.fromEntries(entries) }
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, `${JSON.stringify(document, null, 2)}\n`)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
