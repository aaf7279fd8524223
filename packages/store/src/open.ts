import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type ClientOptions, openClient } from './client.ts'
import { engineFor, storeOf } from './engines/index.ts'
import { findOwner } from './owner.ts'
import type { Store } from './store.ts'

interface Entry {
  readonly store: Promise<Store>
  users: number
  /** Set while the last user closes it. */
  closing: Promise<void> | undefined
}

/** Stores that are open in this process: DuckDB would open a file twice and damage it. */
const open = new Map<string, Entry>()

/**
 * Opens a store of runs. If a collector owns the file, the store is the store of that collector. A file that is opened
 * twice in one process is one store; it closes when its last user closes it.
 *
 * @param location a DuckDB file (created if there is none), `:memory:`, or the URL of a collector.
 * @param options the token of a collector that asks for one. It is used if `location` is a URL; default is the
 * environment variable `TRACE2_TOKEN`. For a file, the token of its owner is found beside the file.
 * @throws {Trace2Error} `T2_STORE_LOCKED`, `T2_STORE_NEWER`, `T2_STORE_DAMAGED`, `T2_STORE_OPEN`.
 * @example
 * const store = await openStore('trace2.duckdb')
 * const runs = await store.runs({ limit: 10 })
 * await store.close()
 */
export async function openStore(location: string, options?: ClientOptions): Promise<Store> {
  if (location === ':memory:') return openHere(location)
  if (/^https?:\/\//i.test(location)) return openClient(location, options ?? tokenOfEnvironment())
  const path = canonicalPath(location)
  const owner = open.has(path) ? undefined : await findOwner(path)
  // An owner that is this very process has closed the file, or it would be among the open ones.
  if (!owner || owner.pid === process.pid) return openEmbedded(path)
  return openClient(owner.url, owner.token === undefined ? {} : { token: owner.token })
}

function tokenOfEnvironment(): ClientOptions {
  const token = process.env.TRACE2_TOKEN
  return token ? { token } : {}
}

/** Opens the file in this process, whoever else may own it. */
export function openEmbedded(location: string): Promise<Store> {
  const path = canonicalPath(location)
  return openShared(path, () => openHere(path))
}

async function openHere(location: string): Promise<Store> {
  return storeOf(await engineFor(location).open(location))
}

/** Tells whether this process has the file open. */
export function isOpenHere(path: string): boolean {
  return open.has(path)
}

/**
 * Returns the store that this process has of a file. If there is none, `make` opens it. All users in this process share
 * it.
 */
export async function openShared(path: string, make: () => Promise<Store>): Promise<Store> {
  await open.get(path)?.closing
  const entry = open.get(path) ?? { store: make(), users: 0, closing: undefined }
  entry.users++
  open.set(path, entry)
  try {
    const store = await entry.store
    return { ...store, close: closeOnce(path, entry, store) }
  } catch (error) {
    open.delete(path)
    throw error
  }
}

function closeOnce(path: string, entry: Entry, store: Store): () => Promise<void> {
  let closed = false
  return async () => {
    if (closed) return
    closed = true
    entry.users--
    if (entry.users > 0) return
    entry.closing = store.close().finally(() => open.delete(path))
    await entry.closing
  }
}

/** Returns one name for one file, also through symbolic links and for a file that does not exist yet. */
export function canonicalPath(location: string): string {
  const path = resolve(location)
  if (existsSync(path)) return realpathSync(path)
  const directory = dirname(path)
  return existsSync(directory) ? join(realpathSync(directory), basename(path)) : path
}
