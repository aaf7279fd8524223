import { readFile } from 'node:fs/promises'
import type { Store } from '@trace2/collector/store'
import { type ParameterValues, parseParameters } from '@trace2/instrumentation'
import { parameterVersion } from '@trace2/instrumentation/semconv'
import { raise } from '../errors.ts'

/**
 * The versions of a parameter that runs get now: those in the parameters file, all of its variants; otherwise the one that
 * was deployed last; otherwise the one that runs used last.
 */
export async function inForce(
  store: Pick<Store, 'parameters' | 'deployments'>,
  parameter: string,
  file: string | undefined,
): Promise<ReadonlySet<string>> {
  const choices = file === undefined ? [] : ((await valuesIn(file)).get(parameter) ?? [])
  if (choices.length > 0) {
    return new Set(choices.map(({ value }) => parameterVersion(JSON.parse(JSON.stringify(value)))))
  }
  const deployed = (await store.deployments(parameter)).at(-1)?.version
  if (deployed) return new Set([deployed])
  const latest = (await store.parameters()).find(({ name }) => name === parameter)
  return new Set(latest ? [latest.version] : [])
}

async function valuesIn(file: string): Promise<ParameterValues> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw raise('T2_PARAMETERS_FILE', `${file} cannot be read.`, { cause: error })
  }
  const values = parseParameters(jsonOf(text))
  if (!values) throw raise('T2_PARAMETERS_FILE', `${file} is not a parameters file of version 1.`)
  return values
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
