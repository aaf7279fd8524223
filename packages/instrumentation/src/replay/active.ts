import { AsyncLocalStorage } from 'node:async_hooks'
import { shared } from '@trace2/core'
import type { Replay } from './replay.ts'

/**
 * The replay that code is part of. A storage of its own and not the OpenTelemetry context, which programs leave
 * (`ROOT_CONTEXT`). It stays when the first replay is over: a timer that it has left behind must not do in earnest what it
 * would have been refused.
 */
const replays = shared('replay', (): { storage: AsyncLocalStorage<Replay> | undefined } => ({
  storage: undefined,
}))

/** `undefined` for all code of a process in which nothing is replayed. */
export function activeReplay(): Replay | undefined {
  return replays.storage?.getStore()
}

export function withReplay<T>(replay: Replay, fn: () => T): T {
  replays.storage ??= new AsyncLocalStorage()
  return replays.storage.run(replay, fn)
}
