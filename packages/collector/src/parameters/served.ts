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

/** A parameters document before it has a sender. */
interface Issued extends ServedParameters {
  readonly text: string
  readonly sequence: number
}

/** However many agents ask, the values are looked up once in so long. */
const FRESH_MS = 1000

/**
 * What agents are told of the values in force: the parameters file where one is named, otherwise the versions that
 * were accepted last, as the store has them.
 *
 * Each document says that `issuer` issued it and has a number that grows with each change, so that an agent passes over an older
 * one, which a cache may give it.
 *
 * @returns a function that rejects with `T2_PARAMETERS_SERVED` where the file is no parameters document.
 */
export function servedParameters(
  store: Pick<Store, 'deployments' | 'parameterHistory'>,
  issuer: string,
  file?: string,
): () => Promise<ServedParameters> {
  let last: Issued | undefined
  const issue = (text: string): ServedParameters => {
    last = last?.text === text ? last : issued(text, issuer, last)
    return last
  }
  let known: { readonly at: number; readonly parameters: Promise<ServedParameters> } | undefined
  return () => {
    const now = performance.now()
    if (!known || now - known.at > FRESH_MS) {
      const body = file === undefined ? acceptedDocument(store) : fileDocument(file)
      known = { at: now, parameters: body.then(issue) }
    }
    return known.parameters
  }
}

/**
 * A document that comes after the one before, also if the clock was set back. The tag is that of the values: what has not
 * changed for an agent is not sent again after a restart.
 */
function issued(text: string, by: string, before: Issued | undefined): Issued {
  const sequence = Math.max(Date.now(), (before?.sequence ?? 0) + 1)
  const member = JSON.stringify({ by, sequence })
  // The text was parsed: its first brace begins the document, which has other members.
  const body = text.replace('{', () => `{ "issued": ${member},`)
  return { text, body, etag: `"${sha256(text).slice(0, 32)}"`, sequence }
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
