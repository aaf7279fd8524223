import { readFile, stat } from 'node:fs/promises'
import {
  type Choice,
  type DocumentText,
  decodeDocument,
  type Json,
  parameterVersion,
  parseDocument,
} from '@trace2/core'
import { raise } from '../errors.ts'
import { entryFault } from './entry-fault.ts'
import { followed } from './same-file.ts'

/** One of the values of a parameter among which runs choose, with the share of runs that get it. */
export interface Arm {
  readonly value: Json
  readonly version: string
  /** Share of the runs: greater than 0, at most 1. */
  readonly share: number
}

/** The entry of a parameters file for one parameter. */
export interface DeployedEntry {
  /** The value. If there are variants, the one with the largest share. */
  readonly value: Json
  readonly version: string
  /** The heaviest first. */
  readonly arms: readonly Arm[]
}

/** The entries of a parameters file such as `trace2.parameters.json`, by the name of the parameter. */
export type DeployedValues = ReadonlyMap<string, DeployedEntry>

/** A parameters file as it stands. */
export interface ParametersFile {
  /** Without symbolic links: what is to be replaced where the values change. */
  readonly path: string
  /** Its text, and the bytes that carried it; `undefined` where there is no file yet. */
  readonly document: (DocumentText & { readonly bytes: Uint8Array }) | undefined
  readonly values: DeployedValues
  /** Entries that give neither a value nor variants, by name, and why; agents pass over them. */
  readonly faulty: ReadonlyMap<string, string>
  /** Names of entries that have variants in place of one value. */
  readonly varied: ReadonlySet<string>
}

/**
 * Reads the values of a parameters file as an agent does. A missing file has no values. Versions are computed from the values,
 * so that a value edited by hand has its own version.
 *
 * @throws `T2_PARAMETERS_FILE` if the file does not have the documented form.
 */
export async function readParametersFile(path: string): Promise<DeployedValues> {
  return (await openParametersFile(path)).values
}

/** As {@link readParametersFile}, with what is needed to change the file. */
export async function openParametersFile(path: string): Promise<ParametersFile> {
  const real = await followed(path)
  let bytes: Uint8Array
  try {
    const there = await stat(real)
    // A pipe would be waited for.
    if (!there.isFile()) throw new Error('it is no file')
    bytes = await readFile(real)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return {
        path: real,
        document: undefined,
        values: new Map(),
        faulty: new Map(),
        varied: new Set(),
      }
    }
    const why = error instanceof Error ? error.message : String(error)
    throw raise('T2_PARAMETERS_FILE', `${path} cannot be read: ${why}.`, { cause: error })
  }
  try {
    const document = decodeDocument(bytes)
    const { values, faulty } = parseDocument(document.text)
    const entries = Array.from(values, ([name, choices]) => [name, entryOf(choices)] as const)
    const written: object = JSON.parse(document.text).parameters
    const hasVariants = (name: string) =>
      !Object.hasOwn(Object(Reflect.get(written, name)), 'value')
    return {
      path: real,
      document: { ...document, bytes },
      values: new Map(entries),
      faulty: new Map(faulty.map((name) => [name, entryFault(Reflect.get(written, name))])),
      varied: new Set([...values.keys()].filter(hasVariants)),
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw raise('T2_PARAMETERS_FILE', `${path} cannot be used: ${why}.`, { cause: error })
  }
}

function entryOf(choices: readonly Choice[]): DeployedEntry {
  const byVersion = new Map<string, Arm>()
  for (const { value, propensity } of choices) {
    // It was parsed from JSON.
    const json = value as Json
    const version = parameterVersion(json)
    // Variants with the same value are one.
    const share = propensity + (byVersion.get(version)?.share ?? 0)
    byVersion.set(version, { value: json, version, share })
  }
  const arms = [...byVersion.values()].sort((a, b) => b.share - a.share)
  const { value, version } = arms[0] ?? { value: null, version: parameterVersion(null) }
  return { value, version, arms }
}
