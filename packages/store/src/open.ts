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
 * Opens a store of runs.
 *
 * @param location a DuckDB file (made if there is none), `:memory:`, or the URL of a collector. Where a collector
 *   owns the file, the store is that collector's. The same file opened twice in one process is one store, closed
 *   when the last user closes it.
 * @param options the token for a collector that asks for one, where its address was given; default is the environment
 *   variable `TRACE2_TOKEN`. With a file, the owner's own token is found beside it.
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

/** Whether this process has the file open. */
export function isOpenHere(path: string): boolean {
  return open.has(path)
}

/** The store that this process has of a file, or the one that `make` opens, for all users in this process. */
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

/** One name for one file, also through symbolic links and before it exists. */
export function canonicalPath(location: string): string {
  const path = resolve(location)
  if (existsSync(path)) return realpathSync(path)
  const directory = dirname(path)
  return existsSync(directory) ? join(realpathSync(directory), basename(path)) : path
}
