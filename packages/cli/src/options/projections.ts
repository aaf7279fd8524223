import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gatherParameters, type Parameter } from '@trace2/instrumentation'
import { Option } from 'commander'
import { raise } from '../errors.ts'

/** `--projections`, a module of the agent that knows how proposed values are brought into form. */
export function projectionsOption(): Option {
  return new Option(
    '--projections <module>',
    'run this module, and put proposed values through the projections of the parameters it exports',
  )
}

/** The parameters that a module of the user's exports, by name. The module is run. */
export async function parametersOf(
  module: string,
): Promise<{ readonly [name: string]: Parameter<unknown> }> {
  let exported: unknown
  try {
    exported = await import(pathToFileURL(resolve(module)).href)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_MODULE', `${module} cannot be run: ${reason}`, { cause: error })
  }
  const parameters = gatherParameters(exported)
  if (parameters.length === 0) throw raise('T2_MODULE', `${module} exports no parameter.`)
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter]))
}
