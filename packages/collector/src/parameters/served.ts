import { readFile } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'
import { decodeDocument, parameterVersion, parseDocument, sha256 } from '@trace2/core'
import type { Store } from '@trace2/store'
import { raise } from '../errors.ts'

/** A parameters document as agents get it. */
export interface ServedParameters {
  /** JSON text. */
  readonly body: string
  /** Changes when the text does. */
  readonly etag: string
}

/** However many agents ask, the values are looked up once in so long. */
const FRESH_MS = 1000

/**
 * What agents are told of the values in force: the parameters file where one is named, otherwise the versions that
 * were accepted last, as the store has them.
 *
 * @returns a function that rejects with `T2_PARAMETERS_SERVED` where the file is no parameters document.
 */
export function servedParameters(
  store: Pick<Store, 'deployments' | 'parameterHistory'>,
  file?: string,
): () => Promise<ServedParameters> {
  let known: { readonly at: number; readonly parameters: Promise<ServedParameters> } | undefined
  return () => {
    const now = performance.now()
    if (!known || now - known.at > FRESH_MS) {
      const body = file === undefined ? acceptedDocument(store) : fileDocument(file)
      known = { at: now, parameters: body.then(withTag) }
    }
    return known.parameters
  }
}

function withTag(body: string): ServedParameters {
  return { body, etag: `"${sha256(body).slice(0, 32)}"` }
}

/** The file as it stands, variants included, read as an agent reads it; a missing one says nothing of any parameter. */
async function fileDocument(path: string): Promise<string> {
  try {
    const { text } = decodeDocument(await readFile(path))
    parseDocument(text)
    return text
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return documentOf({})
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_PARAMETERS_SERVED', `${path} cannot be used: ${reason}.`, { cause: error })
  }
}

async function acceptedDocument(
  store: Pick<Store, 'deployments' | 'parameterHistory'>,
): Promise<string> {
  const latest = new Map<string, string | null>()
  for (const { parameter, version } of await store.deployments()) latest.set(parameter, version)
  const parameters: Record<string, unknown> = {}
  for (const [name, version] of [...latest].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (version === null) continue
    const history = await store.parameterHistory(name)
    const value = history.find((known) => known.version === version)?.value
    // Redaction may have made holes in it.
    if (value === undefined || parameterVersion(value) !== version) {
      diag.error(
        `The store does not hold version ${version} of ${name}; agents are not told of it.`,
      )
    } else parameters[name] = { value, version }
  }
  return documentOf(parameters)
}

function documentOf(parameters: object): string {
  return `${JSON.stringify({ trace2: 1, parameters }, null, 2)}\n`
}
