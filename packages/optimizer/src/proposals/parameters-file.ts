import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { type Json, parameterVersion } from '@trace2/instrumentation/semconv'
import { raise } from '../errors.ts'

/** Values in force, by parameter name: what `trace2.parameters.json` holds. */
export type DeployedValues = ReadonlyMap<string, { readonly value: Json; readonly version: string }>

/**
 * Reads a parameters file; a missing one holds nothing. A version is always that of the value beside it, so that a
 * value edited by hand counts as what it is.
 *
 * @throws `T2_PARAMETERS_FILE` where it is not of the documented form.
 */
export async function readParametersFile(path: string): Promise<DeployedValues> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw raise('T2_PARAMETERS_FILE', `${path} cannot be read.`, { cause: error })
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw raise('T2_PARAMETERS_FILE', `${path} is not JSON.`, { cause: error })
  }
  const parameters = member(content, 'parameters')
  if (member(content, 'trace2') !== 1 || typeof parameters !== 'object' || parameters === null) {
    throw raise('T2_PARAMETERS_FILE', `${path} is not a parameters file of version 1.`)
  }
  return new Map(
    Object.entries(parameters).map(([name, entry]) => {
      const value = member(entry, 'value')
      if (value === undefined) {
        throw raise('T2_PARAMETERS_FILE', `${path} gives no value for ${name}.`)
      }
      return [name, { value, version: parameterVersion(value) }]
    }),
  )
}

/** Writes a parameters file so that a reader sees the old one or the new one, never a part. */
export async function writeParametersFile(path: string, values: DeployedValues): Promise<void> {
  const names = [...values.keys()].sort()
  const content = {
    trace2: 1,
    parameters: Object.fromEntries(names.map((name) => [name, values.get(name)])),
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw raise('T2_PARAMETERS_FILE', `${path} cannot be written.`, { cause: error })
  }
}

function member(json: unknown, name: string): Json | undefined {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, name)) return undefined
  return Reflect.get(json, name)
}
