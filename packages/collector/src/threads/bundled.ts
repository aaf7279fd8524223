import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import { raise } from '../errors.ts'
import type { Role } from './role.ts'

/** The code of all roles, and the place from which it finds what is installed. */
interface Bundled {
  readonly code: string
  readonly place: string
}

/** Packages with parts in machine code: they stay outside of a bundle, and outside of this text. */
const native = ['lmdb', '@duckdb/node-bindings']

/** Under this name a thread that was made of text hands it on to the threads that it starts. */
const handedOn = 'trace2.threads'

let bundled: Bundled | undefined

/**
 * The program of a role as one text of CommonJS.
 *
 * @throws {Trace2Error} `T2_COLLECTOR_BUNDLED` where the native packages are not installed beside the program.
 */
export async function programText(role: Role): Promise<string> {
  const { code, place } = await findBundled()
  return `(function (require, __filename, role) {${code}\n})(require('node:module').createRequire(${JSON.stringify(place)}), ${JSON.stringify(place)}, ${JSON.stringify(role)})`
}

/** Calls a function that starts a thread, which can then start threads of the same text. */
export async function handingOn<T>(start: () => T): Promise<T> {
  const text = await findBundled()
  setEnvironmentData(handedOn, { ...text })
  try {
    return start()
  } finally {
    // Other threads of the program have no use for it.
    setEnvironmentData(handedOn, undefined)
  }
}

/** Whether this code runs in a thread that was made of text. */
export function isHandedOn(): boolean {
  return inherited() !== undefined
}

async function findBundled(): Promise<Bundled> {
  bundled ??= inherited()
  if (bundled) return bundled
  const place = findPlace()
  const { threadsText } = await import('./generated/threads.ts')
  const code = brotliDecompressSync(Buffer.from(threadsText, 'base64')).toString('utf8')
  bundled = { code, place }
  return bundled
}

function inherited(): Bundled | undefined {
  const given = getEnvironmentData(handedOn)
  if (typeof given !== 'object' || given === null) return undefined
  if (!('code' in given && typeof given.code === 'string')) return undefined
  if (!('place' in given && typeof given.place === 'string')) return undefined
  return { code: given.code, place: given.place }
}

/** A file from which the native packages are found: this one, the bundle that has it, or the program's main file. */
function findPlace(): string {
  // A bundle of CommonJS has no address of the module, but its file's name.
  const address: string | undefined = import.meta.url
  const places = [
    address,
    typeof __filename === 'string' ? pathToFileURL(__filename).href : undefined,
    process.argv[1] ? pathToFileURL(process.argv[1]).href : undefined,
    pathToFileURL(`${process.cwd()}/main.js`).href,
  ].filter((place) => place !== undefined)
  const found = places.find(hasNative)
  if (found !== undefined) return found
  throw raise('T2_COLLECTOR_BUNDLED', `${native.join(' and ')} are not found from ${places[0]}.`)
}

function hasNative(place: string): boolean {
  try {
    const { resolve } = createRequire(place)
    for (const name of native) resolve(name)
    return true
  } catch {
    return false
  }
}
